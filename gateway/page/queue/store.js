// What the queue page knows: the cards in the order of the list, which one is open, and what is asked for.
import { batch, computed, signal } from "../vendor.js";
import { get, Problem } from "../core/api.js";
import { behind } from "../core/position.js";
import { session } from "../core/session.js";
import { loginOf } from "../core/text.js";

const PAGE = 200;
const TIERS = ["tier_1", "tier_2", "tier_3", "tier_4", "needs_data"];

/**
 * A card as `GET /api/pending-emails` gives it.
 * @typedef {Record<string, any> & {email_id: string, lead_id: string, draft_version: number, status: string}} Card
 */

/** In the order of the list. @type {import("../vendor.js").Signal<Card[]>} */
export const cards = signal([]);
/** Without what a filter or search asks for, nothing is left out. */
export const NO_FILTERS = { tier: "", run_id: "", campaign: "", angle: "", claimed_by: "", q: "", snoozed: false };
export const filters = signal(NO_FILTERS);
/** `rank`, `oldest`, `newest` or `score`. */
export const sort = signal("rank");
/** The card that is being read. */
export const openId = signal("");
/** Ids marked for an answer to many. */
export const marked = signal(new Set());
/** What the letter pane shows below the letter: `""`, `edit`, `reject`, `changes`, `later`, `comment`, `override`. */
export const panel = signal("");
/** `loading` until the first answer, then `ready` or `failed`. */
export const phase = signal("loading");
/** @type {import("../vendor.js").Signal<Problem | null>} */
export const problem = signal(null);
/** The cursor of what comes after the last card; empty at the end. */
export const more = signal("");
/** The answer of `GET /api/queue-status`; null before the first. */
export const status = signal(null);
/** Whether the list leaves anything out. */
export const filtered = computed(() => Object.keys(NO_FILTERS).some((name) => filters.value[name] !== NO_FILTERS[name]));
export const open = computed(() => cards.value.find((one) => one.email_id === openId.value) ?? null);
/** Whether no letter has come at all. */
export const unused = computed(() => {
  const known = status.value;
  return phase.value === "ready" && known !== null && !filtered.value && !(known.pending + known.approved + known.rejected + known.expired + known.changes_requested);
});
/** How many wait now; those put off for later are counted by themselves. */
export const waiting = computed(() => (status.value ? status.value.pending - (status.value.snoozed ?? 0) : null));
/** Decisions of ours under way: their cards are out of the list until the gateway says otherwise. */
export const leaving = new Set();
/** By e-mail the version that has an answer, ours or one that ours met: what was read before still has it waiting. Whoever
 * takes the answer back clears it. */
export const answered = new Map();
/** By e-mail the position of the newest answer that spoke of it: one that comes later may have been read before. */
const spokenOf = new Map();
/** When the text of a card became another one under its reader, by id. */
export const changedAt = new Map();
/** Cards that somebody else decided while we did, by id: what to say of it. */
export const settled = signal(new Map());

let asked = 0;

/**
 * Ask for the list anew. What is open, marked or typed stays; the letter that is read stays even where it does not wait
 * any more, for a key must not hit the one after it. `renew` of `live.js` asks what became of it.
 * @param {{another?: boolean, after?: string}} [how] Whether it is another list that is asked for; a position that it has
 *   to include.
 */
export async function load({ another = false, after = "" } = {}) {
  const mine = (asked += 1);
  try {
    const { data, position } = await get("/api/pending-emails", { ...question(), after });
    if (mine !== asked) return;
    batch(() => {
      const late = (one) => behind(position, spokenOf.get(one.email_id) ?? "");
      const came = data.items.filter((one) => newest(one.email_id, position) && listed(one));
      const ids = new Set(came.map((one) => one.email_id));
      // A card with a word to its reader stays until it was read.
      const stays = (one) => settled.value.has(one.email_id) || (one.email_id === openId.value && !another) || (late(one) && fits(one));
      const kept = cards.value.filter((one) => stays(one) && !ids.has(one.email_id));
      const known = new Map(cards.value.map((one) => [one.email_id, one]));
      cards.value = inOrder([...came.map((one) => merged(known.get(one.email_id), one)), ...kept]);
      more.value = data.next;
      phase.value = "ready";
      problem.value = null;
      keepOpen();
    });
  } catch (failed) {
    if (!(failed instanceof Problem)) throw failed;
    if (mine !== asked) return;
    problem.value = failed;
    if (phase.value === "loading" && failed.status !== 401) phase.value = "failed";
  }
}

/** The next page of the list, if there is one; where it cannot be had, the next scroll asks again. */
export async function loadMore() {
  if (!more.value) return;
  const mine = asked;
  const cursor = more.value;
  try {
    const { data, position } = await get("/api/pending-emails", { ...question(), cursor });
    if (mine !== asked || more.value !== cursor) return;
    const known = new Set(cards.value.map((one) => one.email_id));
    batch(() => {
      const came = data.items.filter((one) => !known.has(one.email_id) && newest(one.email_id, position) && listed(one));
      cards.value = inOrder([...cards.value, ...came]);
      more.value = data.next;
    });
  } catch (failed) {
    if (!(failed instanceof Problem)) throw failed;
  }
}

/**
 * Whether an answer is the newest one that spoke of an e-mail; it is noted.
 * @param {string} emailId
 * @param {string} position Where it was read.
 */
export function newest(emailId, position) {
  if (behind(position, spokenOf.get(emailId) ?? "")) return false;
  spokenOf.set(emailId, position);
  return true;
}

/** What was known is no measure any more: the log may be another one. */
export function forgetAnswers() {
  spokenOf.clear();
  answered.clear();
}

/** @param {string} [after] A position that the counts have to include. */
export async function loadStatus(after = "") {
  try {
    status.value = (await get("/api/queue-status", { after })).data;
  } catch (failed) {
    if (!(failed instanceof Problem)) throw failed;
  }
}

/**
 * Put a card where it belongs, or take it out where it no longer waits for anybody or is not asked for.
 * @param {Card} card As `GET /api/emails/{id}` gave it, of any status.
 */
export function put(card) {
  const others = cards.value.filter((one) => one.email_id !== card.email_id);
  const before = cards.value.find((one) => one.email_id === card.email_id);
  if (!listed(card) || (!before && !fits(card))) {
    if (before) take(card.email_id);
    return;
  }
  batch(() => {
    const rewritten = before && before.draft_version !== card.draft_version;
    if (rewritten && loginOf(card.versions.at(-1)?.by) !== session.value.login) changedAt.set(card.email_id, Date.now());
    cards.value = inOrder([...others, merged(before, card)]);
    keepOpen();
  });
}

/**
 * Take a card out of the list; the next one opens if it was open.
 * @param {string} emailId
 */
export function take(emailId) {
  const at = cards.value.findIndex((one) => one.email_id === emailId);
  if (at < 0) return;
  batch(() => {
    const rest = cards.value.filter((one) => one.email_id !== emailId);
    if (openId.value === emailId) {
      openId.value = (rest[at] ?? rest[at - 1])?.email_id ?? "";
      panel.value = "";
    }
    if (marked.value.has(emailId)) toggleMark(emailId);
    settle(emailId, null);
    cards.value = rest;
  });
}

/** @param {number} by How many cards to go down; negative goes up. */
export function move(by) {
  const all = cards.value;
  if (!all.length) return;
  const at = all.findIndex((one) => one.email_id === openId.value);
  const to = Math.min(all.length - 1, Math.max(0, at + by));
  openId.value = all[to].email_id;
  if (all.length - to < 20) loadMore();
}

/** @param {string} emailId */
export function toggleMark(emailId) {
  const next = new Set(marked.value);
  if (!next.delete(emailId)) next.add(emailId);
  marked.value = next;
}

/** @param {Partial<typeof NO_FILTERS>} change */
export function ask(change) {
  filters.value = { ...filters.value, ...change };
  load({ another: true });
}

/** What the gateway is asked for the list, as it is filtered and sorted. */
export function question() {
  const { snoozed, ...rest } = filters.value;
  return { limit: PAGE, ...rest, snoozed: snoozed ? "true" : "", sort: sort.value === "rank" ? "" : sort.value };
}

function keepOpen() {
  if (!cards.value.some((one) => one.email_id === openId.value)) openId.value = cards.value[0]?.email_id ?? "";
}

/** Whether a card waits for a person, now, and no answer of ours is under way. */
export function listed(card) {
  if (card.status !== "drafted" || leaving.has(card.email_id)) return false;
  if ((answered.get(card.email_id) ?? 0) >= card.draft_version) return false;
  const later = card.snoozed_until && new Date(card.snoozed_until).getTime() > Date.now();
  return Boolean(later) === filters.value.snoozed;
}

/** Whether a card is among what is asked for; the gateway judges the list itself in the same way. */
export function fits(card) {
  const { tier, run_id, campaign, angle, claimed_by, q } = filters.value;
  const texts = [card.card.company, card.card.title, card.content.subject, card.card.name];
  return (
    (!tier || card.card.tier === tier) &&
    (!run_id || card.run_id === run_id) &&
    (!campaign || card.writing.campaign === campaign) &&
    (!angle || card.writing.angle === angle) &&
    (!claimed_by || loginOf(card.claimed_by) === claimed_by) &&
    (!q || texts.some((one) => String(one).toLowerCase().includes(q.toLowerCase())))
  );
}

/** What only the single card has is kept while it speaks of the same text. */
function merged(before, card) {
  if (before?.draft_version !== card.draft_version) return card;
  return { others: before.others, zone: before.zone, evidence: before.evidence, ...card };
}

/**
 * A word about a letter that somebody else decided. The answer that it tells of is believed as long as the word stands:
 * what is looked up after that counts again, should the decision have been taken back unheard.
 * @param {string} emailId
 * @param {string | null} said Why nobody can decide it any more; null forgets it.
 */
export function settle(emailId, said) {
  const next = new Map(settled.value);
  if (said !== null) next.set(emailId, said);
  else if (next.delete(emailId)) answered.delete(emailId);
  settled.value = next;
}

const at = (card) => new Date(card.drafted_at).getTime();
const byAge = (one, other) => at(one) - at(other);
const ORDERS = {
  rank: (one, other) => TIERS.indexOf(one.card.tier) - TIERS.indexOf(other.card.tier) || byAge(one, other),
  oldest: byAge,
  newest: (one, other) => byAge(other, one),
  score: (one, other) => other.card.score - one.card.score || byAge(one, other),
};

function inOrder(all) {
  const compare = ORDERS[sort.value];
  return all.sort((one, other) => compare(one, other) || (one.email_id < other.email_id ? -1 : 1));
}
