// What is set up, as the files say it: the offer, what is missing, and the campaigns.
import { get } from "../../core/api.js";
import { loaded } from "../../core/loaded.js";

export const view = loaded(async () => (await get("/api/setup")).data);
