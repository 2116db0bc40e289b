// The live feed: facts as they are recorded, from where we were, and how fresh what is seen can be.
import { signal } from "../vendor.js";
import { TYPES } from "./facts.js";
import { look, signedIn, wordAt } from "./session.js";

/** `connecting` before the first word, then `live` or `lost`. */
export const feedState = signal("connecting");
/** The place in the log up to which the feed has told everything. */
export const place = signal("");

const REST_MS = [500, 1_000, 2_000, 5_000];
/** What every page hears: a run brings many facts about leads, and who reads letters needs none of them. */
const ALWAYS = ["email", "policy"];
/** The categories that each listener asked for. */
const listeners = new Map();
let heard = new Set();
let source = null;
let timer = 0;
let failures = 0;

/**
 * Hear every fact, and `{type: "reset"}` where facts may have been missed: look at everything anew then.
 * @param {(fact: {type: string, about?: string, position?: string, actor?: string, lead_id?: string, data?: any}) => void} listener
 * @param {string[]} [categories] Those that it needs beside e-mails and policy. There is one feed for all: it is opened
 *   again where somebody needs more of it, and begins with a reset then.
 * @returns {() => void} Stops it.
 */
export function onFact(listener, categories = []) {
  listeners.set(listener, categories);
  if (source && categories.some((one) => !heard.has(one))) {
    // From the old place on all that was left out before would come, and after a long run that is a lot.
    place.value = "";
    openFeed();
  }
  return () => listeners.delete(listener);
}

/** Open the feed; it goes on from the last place until `closeFeed`. */
export function openFeed() {
  closeFeed();
  heard = new Set([...ALWAYS, ...[...listeners.values()].flat()]);
  const asked = new URLSearchParams([...heard].map((one) => ["category", one]));
  if (place.value) asked.set("from", place.value);
  source = new EventSource(`/api/feed?${asked}`);
  source.onopen = () => {
    // Without a place the feed begins now; what was recorded between the list and now is looked up.
    if (!place.value) tell({ type: "reset" });
    failures = 0;
    feedState.value = "live";
    wordAt.value = Date.now();
  };
  source.onerror = lost;
  source.addEventListener("reset", (event) => {
    heardAt(event);
    tell({ type: "reset" });
  });
  for (const type of ["slow", "failed"]) source.addEventListener(type, heardAt);
  // Events are named by their type, and a browser delivers only names that were asked for.
  for (const type of TYPES) source.addEventListener(type, fact);
}

export function closeFeed() {
  clearTimeout(timer);
  source?.close();
  source = null;
  feedState.value = "connecting";
}

function fact(event) {
  heardAt(event);
  try {
    tell(JSON.parse(event.data));
  } catch {
    tell({ type: "reset" });
  }
}

function heardAt(event) {
  if (event.lastEventId) place.value = event.lastEventId;
  wordAt.value = Date.now();
}

function tell(told) {
  for (const listener of [...listeners.keys()]) listener(told);
}

/** A browser does not tell a cut from a 401, so ask; then go on from the last place. */
async function lost() {
  source?.close();
  source = null;
  clearTimeout(timer);
  feedState.value = "lost";
  await look();
  if (!signedIn.value || source) return;
  timer = setTimeout(openFeed, REST_MS[Math.min(failures, REST_MS.length - 1)]);
  failures += 1;
}
