// What an angle needs to be known, in words; the names are those of the templates.
import { fieldWords } from "../../runs/words.js";

export const NEEDS = {
  resource: "something to use, in the offer",
  role: "an open position",
  one_firm: "the industry",
  tool: "a tool they use",
};

/** @param {string} need */
export const needWords = (need) => NEEDS[need] ?? fieldWords(need).toLowerCase();
