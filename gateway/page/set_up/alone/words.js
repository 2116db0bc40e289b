// What is said of entries on the list of those to leave alone.
import { line } from "../../core/text.js";

const KEY_SHOWN = 17;

/** The beginning of a key tells it from all others. @param {string} key */
export const shortKey = (key) => line(key).slice(0, KEY_SHOWN);

/** Where an entry came from. @param {string} source The name of a file, or `typed`. */
export const from = (source) => (source === "typed" || !source ? "typed in" : line(source));

export const GONE_SOON = "Drafts that wait for them leave the queue within a second.";
