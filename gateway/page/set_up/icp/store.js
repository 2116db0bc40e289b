// The ideal customer in force with those before it, and the text of another one that is being tried.
import { effect, signal } from "../../vendor.js";
import { get } from "../../core/api.js";
import { tab } from "../../core/kept.js";
import { loaded } from "../../core/loaded.js";

const KEPT = "icp-candidate";

export const view = loaded(async () => (await get("/api/icp")).data);

/** What stands in the field; kept until the browser's tab is closed. */
export const draft = signal(tab.read(KEPT) ?? "");

effect(() => tab.write(KEPT, draft.value || null));

/** Put another text into the field, and the focus with it. @param {string} text */
export function take(text) {
  draft.value = text;
  document.querySelector("textarea.code")?.focus();
}

const HASH = 12;

/** A model on one line. @param {{model_id: string, model_hash: string}} model */
export const named = ({ model_id: id, model_hash: hash }) => `${id} (hash ${hash.slice(0, HASH)})`;
