// The reasons that this person gave last, so that the same one need not be typed again.
import { long } from "../core/kept.js";

const NAME = "reasons";
const KEPT = 3;

/** The last three, the newest first. @returns {string[]} */
export const lastReasons = () => long.read(NAME) ?? [];

/** @param {string} reason */
export const keepReason = (reason) => long.write(NAME, [reason, ...lastReasons().filter((one) => one !== reason)].slice(0, KEPT));
