// The pages there are. A page is one file with a component; a line here gives it a place, a word and a key.
import { Health } from "../health/page.js";
import { Queue } from "../queue/page.js";
import { waiting } from "../queue/store.js";
import { Runs } from "../runs/page.js";
import { Settings } from "../settings/page.js";

/**
 * `count` is what the top bar shows beside the word; `needs` the permission without which the page is not offered;
 * `below` says that the addresses below its own are its, too.
 * @type {{path: string, word: string, key: string, page: () => any, count?: () => number | null, needs?: string, below?: boolean}[]}
 */
export const PAGES = [
  { path: "/", word: "Queue", key: "q", page: Queue, count: () => waiting.value },
  { path: "/runs", word: "Runs", key: "r", page: Runs, below: true },
  { path: "/health", word: "Health", key: "h", page: Health },
  { path: "/settings", word: "Settings", key: "s", page: Settings },
];

/**
 * The page at an address, or the one that the address lies below: `/runs/new` is a part of `/runs`.
 * @param {string} path
 */
export const pageAt = (path) => PAGES.find((one) => one.path === path || (one.below && path.startsWith(`${one.path}/`)));
