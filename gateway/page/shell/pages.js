// The pages there are. A page is one file with a component; a line here gives it a place, a word and a key.
import { Activity } from "../activity/page.js";
import { path } from "../core/router.js";
import { may } from "../core/session.js";
import { Feedback } from "../feedback/page.js";
import { Health } from "../health/page.js";
import { Leads } from "../leads/page.js";
import { Queue } from "../queue/page.js";
import { unused, waiting } from "../queue/store.js";
import { Runs } from "../runs/page.js";
import { SetUp } from "../set_up/page.js";
import { Settings } from "../settings/page.js";

/**
 * `count` is what the top bar shows beside the word; `needs` the permission without which the page is not offered;
 * `below` says that addresses below its own are its, too; `keys` are those that only it has, for the foot and the help;
 * `idle` says that none of them has anything to act on.
 * @type {{path: string, word: string, key: string, page: () => any, count?: () => number | null, idle?: () => boolean, needs?: string, below?: boolean, keys?: [keys: string, what: string][]}[]}
 */
export const PAGES = [
  {
    path: "/", word: "Queue", key: "q", page: Queue, count: () => waiting.value, idle: () => unused.value || !may("decide"),
    keys: [["j k", "next, previous"], ["a", "approve"], ["e", "edit"], ["r", "reject"]],
  },
  { path: "/runs", word: "Runs", key: "r", page: Runs, below: true, keys: [["f", "filters"]], idle: () => path.value !== "/runs" },
  {
    path: "/leads", word: "Leads", key: "l", page: Leads, below: true,
    keys: [["j k", "next, previous"], ["Enter", "open"], ["Esc", "back to all"], ["/", "search"], ["f", "filters"]],
  },
  { path: "/feedback", word: "Feedback", key: "f", page: Feedback, keys: [["f", "filters"]] },
  { path: "/activity", word: "Activity", key: "a", page: Activity, keys: [["p", "pause, go on"], ["f", "filters"]] },
  { path: "/health", word: "Health", key: "h", page: Health },
  { path: "/set-up", word: "Set-up", key: "u", page: SetUp, below: true },
  { path: "/settings", word: "Settings", key: "s", page: Settings },
];

/** @param {string} path */
export const pageAt = (path) => PAGES.find((one) => one.path === path || (one.below && path.startsWith(`${one.path}/`)));
