// The list of those who are left alone, as far as it was asked for.
import { paged } from "../../core/paged.js";

export const list = paged("/api/exclusions", { key: (row) => row.key, question: () => ({}) });
