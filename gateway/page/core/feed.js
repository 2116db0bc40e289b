// The live feed: facts as they are recorded, from where we were, and how fresh what is seen can be.
import { signal } from "../vendor.js";
import { look, signedIn, wordAt } from "./session.js";

/** `connecting` before the first word, then `live` or `lost`. */
export const feedState = signal("connecting");
/** The place in the log up to which the feed has told everything. */
export const place = signal("");

const REST_MS = [500, 1_000, 2_000, 5_000];
const listeners = new Set();
let source = null;
let timer = 0;
let failures = 0;

// Events are named by their type, and a browser delivers only names that were asked for.
const EMAIL = [
  "drafted", "edited", "approved", "rejected", "changes_requested", "revoked", "expired", "withdrawn", "blocked",
  "send_requested", "send_reserved", "send_blocked", "send_started", "sent", "unresolved", "failed",
  "claimed", "released", "snoozed", "commented",
];
const RUN = [
  "requested", "chunk_read", "source_blocked", "tallied", "stage_completed", "stage_failed", "stopped", "resumed",
  "waiting_for_review", "completed", "failed", "cancelled", "withdrawn",
];
const TYPES = [
  ...EMAIL.map((one) => `email.${one}.v1`), ...RUN.map((one) => `run.${one}.v1`),
  "policy.outbound_halted.v1", "policy.outbound_resumed.v1",
];

/**
 * Hear every fact, and `{type: "reset"}` where facts may have been missed: look at everything anew then.
 * @param {(fact: {type: string, about?: string, position?: string, actor?: string, data?: any}) => void} listener
 * @returns {() => void} Stops it.
 */
export function onFact(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Open the feed; it goes on from the last place until `closeFeed`. */
export function openFeed() {
  closeFeed();
  const asked = new URLSearchParams([["category", "email"], ["category", "policy"], ["category", "run"]]);
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
  for (const listener of listeners) listener(told);
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
