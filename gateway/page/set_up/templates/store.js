// The texts that there are, and what is chosen of them.
import { signal } from "../../vendor.js";
import { get } from "../../core/api.js";
import { loaded } from "../../core/loaded.js";
import { line } from "../../core/text.js";

export const view = loaded(async () => (await get("/api/templates")).data);

/** The language that is looked at; empty for the offer's. */
export const language = signal("");
/** The angle that is read; empty for none yet. */
export const angle = signal("");

/** A lead in a list of choices. @param {any} lead As the list of leads has it. */
export const nameOf = (lead) => [lead.name, lead.company].filter(Boolean).map(line).join(", ") || "nobody knows who";
