// Keeps the queue as the gateway has it: what a fact speaks of is looked up, a moment's facts together.
import { get, Problem } from "../core/api.js";
import { onFact, place } from "../core/feed.js";
import { who } from "../core/text.js";
import { clock, dayAndClock } from "../core/time.js";
import { over } from "./claims.js";
import { answered, forgetAnswers, leaving, listed, load, loadStatus, newest, openId, put, settle, settled, take } from "./store.js";

const TOGETHER_MS = 80;
const LOOK_EACH_MAX = 12;
const COUNT_EVERY_MS = 20_000;

/** Follow the feed until the returned function is called. */
export function follow() {
  const dirty = new Map();
  let timer = 0;
  let all = false;
  // What was taken back while nobody followed was not heard.
  forgetAnswers();
  const flush = () => {
    timer = 0;
    const some = [...dirty];
    dirty.clear();
    if (all || some.length > LOOK_EACH_MAX) renew(place.value);
    else for (const [emailId, position] of some) refresh(emailId, position);
    all = false;
    loadStatus(place.value);
  };
  const soon = () => {
    timer ||= setTimeout(flush, TOGETHER_MS);
  };
  const stop = onFact((fact) => {
    if (fact.type === "email.revoked.v1") answered.delete(fact.about);
    if (fact.type === "reset") {
      forgetAnswers();
      all = true;
    } else if (fact.type.startsWith("email.") && fact.about) dirty.set(fact.about, fact.position ?? "");
    else return;
    soon();
  });
  // The counts move with time too: what comes back later comes back. The answer also says that the server is there.
  const counting = setInterval(() => {
    if (document.visibilityState === "visible") loadStatus();
  }, COUNT_EVERY_MS);
  return () => {
    stop();
    clearTimeout(timer);
    clearInterval(counting);
  };
}

/**
 * The list anew, and what became of the letter that is read, where it does not wait any more.
 * @param {string} [after] The position that both have to include.
 */
export async function renew(after = "") {
  await load({ after });
  if (openId.value) await refresh(openId.value, after);
}

/**
 * Look one e-mail up and put it where it belongs.
 * @param {string} emailId
 * @param {string} [after] The position that the answer has to include.
 */
export async function refresh(emailId, after = "") {
  if (leaving.has(emailId)) return;
  try {
    const { data, position } = await get(`/api/emails/${emailId}`, { after });
    if (!newest(emailId, position)) return;
    // What left the queue is answered with its outcome; what is put off or being rewritten leaves the list, too.
    const waits = data.status && data.content && data.status !== "approved";
    // It was read before an answer that we know of, ours or somebody else's.
    if (waits && (answered.get(emailId) ?? 0) >= data.draft_version) return;
    // What was looked up for a fact is not older than what was said of the letter.
    if (after && waits && listed(data)) settle(emailId, null);
    if (waits && (listed(data) || openId.value !== emailId)) put(data);
    else gone(emailId, data);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 404) gone(emailId, {});
  }
}

/** A letter that is being read does not vanish: it says what became of it, so that no key hits the one after it. */
function gone(emailId, past) {
  if (leaving.has(emailId)) return;
  over(emailId);
  if (openId.value === emailId) settle(emailId, becameOf(past));
  // One that has a word to its reader waits until it was read.
  else if (!settled.value.has(emailId)) take(emailId);
}

/**
 * What became of an e-mail that left the queue.
 * @param {{status?: string, outcome?: string, answered_by?: string, reviewer?: string, decided_at?: string, snoozed_until?: string}} past
 */
export function becameOf(past) {
  if (past.status === "drafted" && past.snoozed_until) return `It was put off until ${dayAndClock(past.snoozed_until)}.`;
  const by = who(past.answered_by || past.reviewer || "");
  const what = WHAT[past.status ?? past.outcome ?? ""];
  if (!what) return "This letter is not in the queue any more.";
  if (!by || UNASKED.has(past.outcome)) return `${what.charAt(0).toUpperCase()}${what.slice(1)}.`;
  return `${by} ${what}${past.decided_at ? ` at ${clock(past.decided_at)}` : ""}.`;
}

const UNASKED = new Set(["expired", "withdrawn", "blocked"]);
const WHAT = {
  approved: "approved it",
  rejected: "rejected it",
  changes_requested: "asked for changes",
  edited: "edited it",
  expired: "the time to answer is over",
  withdrawn: "the run that brought it was withdrawn",
  blocked: "no text passed the checks",
};
