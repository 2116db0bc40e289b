// The pages there are. A page is one file with a component; a line here gives it a place, a word and a key.
import { Queue } from "../queue/page.js";
import { waiting } from "../queue/store.js";

/**
 * `count` is what the top bar shows beside the word; `needs` the permission without which the page is not offered.
 * @type {{path: string, word: string, key: string, page: () => any, count?: () => number | null, needs?: string}[]}
 */
export const PAGES = [{ path: "/", word: "Queue", key: "q", page: Queue, count: () => waiting.value }];

/** @param {string} path */
export const pageAt = (path) => PAGES.find((one) => one.path === path);
