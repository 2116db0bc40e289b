// Times in the reader's zone, with UTC one hover away, and a clock that ticks for what counts down.
import { html, signal } from "../vendor.js";

/** Now, moved on each second. */
export const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 1_000);

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const CLOCK_S = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const DAY_CLOCK = new Intl.DateTimeFormat(undefined, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const UTC = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", dateStyle: "short", timeStyle: "medium" });

/** @param {string | number | Date} at */
export const clock = (at) => CLOCK.format(new Date(at));
/** @param {string | number | Date} at */
export const clockWithSeconds = (at) => CLOCK_S.format(new Date(at));
/** @param {string | number | Date} at */
export const dayAndClock = (at) => DAY_CLOCK.format(new Date(at));
/** @param {string | number | Date} at */
export const inUtc = (at) => `${UTC.format(new Date(at))} UTC`;

const JUST_NOW = "just now";

/**
 * When a run began, by its id: `run_20261123_045704_ab81e5` as day and time; another id as a run, by its beginning.
 * @param {string} id
 */
export function runWords(id) {
  const [, y, mo, d, h, mi] = /^run_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)/.exec(id) ?? [];
  return y ? DAY_CLOCK.format(Date.UTC(y, mo - 1, d, h, mi)) : `run ${String(id).slice(0, 8)}`;
}

/**
 * How long ago, in one unit.
 * @param {string | number} at
 * @param {number} until
 */
export function ago(at, until) {
  const s = Math.max(0, (until - new Date(at).getTime()) / 1000);
  if (s < 60) return JUST_NOW;
  if (s < 3_600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/**
 * What is left, as `0:28`.
 * @param {number} until In ms.
 * @param {number} from In ms.
 */
export function left(until, from) {
  const s = Math.max(0, Math.floor((until - from) / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

/**
 * The time of day where somebody is; empty where the zone is not known.
 * @param {string} zone
 * @param {number} at
 */
export function clockIn(zone, at) {
  if (!zone) return "";
  try {
    return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(at);
  } catch {
    return "";
  }
}

/**
 * A point in time: the time of day today, else the date; all of it, and UTC, in the title.
 * @param {{at: string, form?: "short" | "long" | "ago" | "second"}} props
 */
export function Time({ at, form = "short" }) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const today = date.toDateString() === new Date().toDateString();
  const age = ago(at, now.value);
  const text = form === "ago" ? (age === JUST_NOW ? age : `${age} ago`) : form === "long" ? dayAndClock(date) : form === "second" ? clockWithSeconds(date) : today ? clock(date) : DAY.format(date);
  return html`<time datetime=${date.toISOString()} title=${`${dayAndClock(date)} · ${inUtc(date)}`}>${text}</time>`;
}
