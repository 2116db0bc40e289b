// Decisions: the card leaves at once, the gateway is asked, and what it refuses comes back with the reason.
import { command, newKey, Problem } from "../core/api.js";
import { may, online, session } from "../core/session.js";
import { who } from "../core/text.js";
import { clock } from "../core/time.js";
import { amend, dismiss, say, undoable } from "../parts/notices.js";
import { over } from "./claims.js";
import { refresh } from "./live.js";
import { forget } from "./typed.js";
import { answered, cards, changedAt, leaving, loadStatus, open, openId, panel, put, settle, settled, take } from "./store.js";

const JUST_MS = 1_500;

/** @param {import("./store.js").Card} card @returns {string} Whom a notice speaks of. */
export const named = (card) => (card.card.name && card.card.name !== "[redacted]" ? card.card.name : card.card.company);

/**
 * The open card, if it can be decided now; says why not otherwise.
 * @returns {import("./store.js").Card | null}
 */
export function decidable() {
  const card = open.value;
  if (!card) return null;
  const why = hindrance(card);
  if (why) say({ text: why, kind: "failed" });
  return why ? null : card;
}

function hindrance(card) {
  if (!may("decide")) return "You can read here; reviewers decide.";
  if (!online.value) return "Offline: nothing was decided. Try again when the network is back.";
  if (settled.value.has(card.email_id)) return `${settled.value.get(card.email_id)} There is nothing left to decide.`;
  if (Date.now() - (changedAt.get(card.email_id) ?? 0) < JUST_MS) return "The text changed a moment ago. Read it, then decide.";
  return "";
}

/**
 * Let it go out. A text that failed a check asks for a reason first.
 * @param {import("./store.js").Card} card
 * @param {{subject?: string, body?: string, override_reason?: string}} [said]
 */
export function approve(card, said = {}) {
  const edited = said.subject !== undefined || said.body !== undefined;
  if (!edited && !said.override_reason && !card.verdict.passed) {
    panel.value = "override";
    return Promise.resolve();
  }
  const version = card.draft_version + (edited ? 1 : 0);
  return decide(card, "approve", said, {
    doing: `Approving: ${named(card)}`,
    done: `Approved${edited ? " with your edit" : ""}: ${named(card)}, ${goesOut()}`,
    undo: () => undo(card, version),
  });
}

/** What becomes of an approval, before the time that is left. */
export const goesOut = () => (session.value.phase === "shadow" ? "goes out (simulated) in" : "goes out in");

/** @param {import("./store.js").Card} card @param {string} tag @param {string} reason @param {string} label The tag in words. */
export const reject = (card, tag, reason, label) =>
  decide(card, "reject", { tag, reason }, { doing: `Rejecting: ${named(card)}`, done: `Rejected: ${named(card)} · ${label}. The drafter learns from it.` });

/** @param {import("./store.js").Card} card @param {string[]} wishes By code. @param {string} instruction Words of one's own; may be empty where something is wished. */
export const requestChanges = (card, wishes, instruction) =>
  decide(card, "request-changes", { wishes, instruction }, {
    doing: `Asking for changes: ${named(card)}`,
    done: `Asked for changes: ${named(card)}. The new version comes back here.`,
  });

/** @param {import("./store.js").Card} card @param {Date} until @param {string} label */
export const later = (card, until, label) =>
  act(card, "snooze", { until: until.toISOString() }, { doing: `Later: ${named(card)}`, done: `Later: ${named(card)} comes back ${label}.` });

function decide(card, path, said, words) {
  return act(card, path, { expected_version: card.draft_version, content_hash: card.content_hash, ...said }, words);
}

async function act(card, path, body, { doing, done, undo: back }, key = newKey()) {
  // Who undoes what is still under way means this one, not the approval before it: it is taken back once it is known.
  let wanted = false;
  const want = () => {
    wanted = true;
    amend(notice, { text: `${doing}, to be taken back …`, undo: undefined });
  };
  const notice = say({ text: `${doing} …`, kind: "wait", ...(back && session.value.undo_window_s > 0 ? { undo: want } : {}) });
  leaving.add(card.email_id);
  over(card.email_id);
  take(card.email_id);
  const next = openId.value;
  try {
    const { position } = await command(`/api/emails/${card.email_id}/${path}`, body, { key });
    forget(card.email_id);
    overriding.delete(card.email_id);
    if (path !== "snooze") answered.set(card.email_id, card.draft_version + (body.subject !== undefined || body.body !== undefined ? 1 : 0));
    const windowS = back ? (session.value.undo_window_s ?? 0) : 0;
    const undoBack = () => {
      dismiss(notice);
      back();
    };
    amend(notice, {
      text: done,
      kind: "done",
      ...(windowS > 0
        ? { until: Date.now() + windowS * 1000, undo: undoBack, spoken: `${done} ${windowS} seconds. Press u to undo.` }
        : { until: Date.now() + 6_000 }),
    });
    loadStatus(position);
    if (wanted) undoBack();
    if (path === "snooze" || path === "request-changes") await seen(card.email_id, position);
  } catch (problem) {
    dismiss(notice);
    if (!(problem instanceof Problem)) throw problem;
    await comeBack(card, problem, { path, body, key, next });
  } finally {
    leaving.delete(card.email_id);
  }
}

/** What comes back later must not be looked up before the view knows that it went. */
const seen = (emailId, position) => {
  leaving.delete(emailId);
  return refresh(emailId, position);
};

/** The row comes back, and with it who decided what and when, or why nothing was done. */
async function comeBack(card, problem, { path, body, key, next }) {
  const { email_id } = card;
  leaving.delete(email_id);
  put({ ...card, status: "drafted" });
  if (problem.slug === "already-decided" || problem.slug === "stale-version") {
    const { who: by, when, what } = problem.values;
    const told = by ? `${who(by)} ${DID[what] ?? "decided it"} at ${clock(when)}.` : problem.detail;
    if (problem.slug === "stale-version") await refresh(email_id);
    else {
      // Whatever was read before that answer still says that the letter waits.
      answered.set(email_id, card.draft_version);
      settle(email_id, told);
    }
    const mine = problem.slug === "stale-version" ? "Your answer was about the version before; read this one." : "Your answer was not recorded.";
    say({ text: `${named(card)}: ${told} ${mine}`, kind: "failed", action: { label: "Show", run: () => show(email_id) } });
  } else if (problem.slug === "guard-refused") {
    overriding.set(email_id, { version: card.draft_version, said: body });
    await refresh(email_id);
    const ask = () => {
      show(email_id);
      if (openId.value === email_id) panel.value = "override";
    };
    if (stayed(next) || stayed(email_id)) ask();
    say({ text: `${named(card)}: ${problem.detail}`, kind: "failed", action: { label: "Show", run: ask } });
  } else if (problem.slug === "excluded") {
    const reject = () => {
      show(email_id);
      if (openId.value === email_id) panel.value = "reject";
    };
    say({ text: `${named(card)}: not recorded. ${problem.sentence}`, kind: "failed", action: { label: "Reject it", run: reject } });
  } else {
    const again = problem.away || problem.status >= 500;
    say({
      text: `${named(card)}: nothing is known to be recorded. ${problem.sentence}`,
      kind: "failed",
      action: again ? { label: "Try again", run: () => act(card, path, body, { doing: `Trying again: ${named(card)}`, done: `Recorded: ${named(card)}.` }, key) } : { label: "Show", run: () => show(email_id) },
    });
  }
}

/** What an approval said that a check held up, by e-mail, so that the reason can be added to it. */
const overriding = new Map();

/** What was said of this text when it was held up. @param {import("./store.js").Card} card */
export function heldUp({ email_id, draft_version }) {
  const kept = overriding.get(email_id);
  const { subject, body } = kept?.version === draft_version ? kept.said : {};
  return { ...(subject === undefined ? {} : { subject }), ...(body === undefined ? {} : { body }) };
}

/** Whether the reader has done nothing since this letter opened by itself: another may open only then. */
const stayed = (emailId) => openId.value === emailId && !panel.value;

const DID = {
  approved: "approved it",
  rejected: "rejected it",
  changes_requested: "asked for changes",
  revoked: "took the approval back",
  edited: "edited it",
};

/** @param {string} emailId */
export function show(emailId) {
  if (emailId === openId.value || !cards.value.some((one) => one.email_id === emailId)) return;
  panel.value = "";
  openId.value = emailId;
}

/** Take the newest approval back. */
export function undoLast() {
  const newest = undoable();
  if (newest) newest.undo();
  else say({ text: "There is nothing to undo. An approval can be taken back while it counts down; a rejection stands.", kind: "failed" });
}

async function undo(card, version) {
  const before = openId.value;
  const wait = say({ text: `Taking back: ${named(card)} …`, kind: "wait" });
  try {
    const { position } = await command(`/api/emails/${card.email_id}/revoke`, { expected_version: version });
    leaving.delete(card.email_id);
    answered.delete(card.email_id);
    await refresh(card.email_id, position);
    const stays = !stayed(before) && openId.value !== card.email_id;
    if (!stays) show(card.email_id);
    loadStatus(position);
    amend(wait, {
      text: `Taken back: ${named(card)} waits again.`, kind: "done", until: Date.now() + 6_000,
      ...(stays ? { action: { label: "Show", run: () => show(card.email_id) } } : {}),
    });
  } catch (problem) {
    dismiss(wait);
    if (!(problem instanceof Problem)) throw problem;
    say({ text: `${named(card)}: ${problem.sentence}`, kind: "failed" });
  }
}
