// What each fact of the log is called, and what it says of whoever caused it: "Ana" "approved version 2 of the letter".
import { LABELS } from "../queue/tags.js";
import { line, plain, REDACTED, sourceOf, words } from "./text.js";
import { clock, dayAndClock } from "./time.js";
import { EDITS, GATES, PLACES, STAGES, STOPPED, themeOf, TIERS, WISHES } from "./words.js";

/** What the categories of facts are called; who may not audit never hears of access. */
export const CATEGORIES = {
  lead: "Leads", email: "Letters", run: "Runs", policy: "Sending rules", deal: "Companies", ops: "Trouble", access: "People",
};

const stage = (name) => STAGES[name] ?? words(name);
const list = (all) => (all ?? []).map(words).join(", ");
const many = (count, one) => `${count.toLocaleString()} ${one}${count === 1 ? "" : "s"}`;
const because = (text) => (line(text) ? `: ${plain(text)}` : "");
/** What somebody typed, or that this reader may not see it. */
const quoted = (text) => (text === REDACTED ? ": words hidden" : line(text) ? `: “${line(text)}”` : "");
const from = ({ source, row }) => `${sourceOf(source)}, row ${row}`;
const wished = (all) => (all?.length ? `, ${all.map((one) => (WISHES[one] ?? words(one)).toLowerCase()).join(", ")}` : "");
const tagged = (tag) => LABELS[tag] ?? words(tag);
const simulated = (data) => (data.simulated ? ", simulated" : "");
const until = (at) => (new Date(at).toDateString() === new Date().toDateString() ? clock(at) : dayAndClock(at));

export const RUNS = { dry_run: "dry run", sandbox: "sandbox run", staging: "staging run", production: "production run" };

function read({ where, count, exported }) {
  if (where === "feed") return "opened the live feed, with personal data in it";
  const people = count === 1 ? "one person" : `${count.toLocaleString()} people`;
  return `${exported ? "exported" : "saw"} the data of ${people} ${PLACES[where] ?? ""}`.trim();
}

function session({ kind, way, label }) {
  if (kind !== "session") return `made a token${quoted(label)}`;
  return { link: "signed in by a link", oidc: "signed in at the identity provider" }[way] ?? "signed in";
}

/** By type: what it is called in a list of choices, and what it says, from its data. */
const FACTS = {
  "lead.sourced.v1": ["Lead came", (d) => `brought a new lead from ${from(d.origin)}`],
  "lead.updated.v1": ["Lead came again, changed", (d) => `got new values from ${from(d.origin)}: ${list(Object.keys(d.fields))}${d.reopened ? ", so it goes on" : ""}`],
  "lead.duplicate.v1": ["Lead came again", (d) => `met a known lead in ${from(d.origin)}, with nothing new`],
  "lead.refused.v1": ["Row refused", (d) => `refused a row, ${from(d.origin)}: ${words(d.field)}${because(d.reason)}`],
  "lead.enriched.v1": ["Lead researched", (d) => `found ${list(Object.keys(d.fields)) || "nothing more"}${d.missing?.length ? `; nobody knows ${list(d.missing)}` : ""}`],
  "lead.enrichment_failed.v1": ["Research failed", (d) => `could not ask ${words(d.provider)}${because(d.reason)}`],
  "lead.scored.v1": ["Lead scored", (d) => `gave ${d.score} of 100, ${TIERS[d.tier] ?? words(d.tier)}${d.stop_reason ? `; no letter, for ${STOPPED[d.stop_reason] ?? words(d.stop_reason)}` : ""}`],
  "lead.disqualified.v1": ["Lead ruled out", (d) => `ruled the lead out${because(d.reason)}`],
  "lead.held.v1": ["Lead held", (d) => `held the lead before ${stage(d.stage)}, for its run is stopped`],
  "lead.released.v1": ["Lead goes on", (d) => `let the lead go on at ${stage(d.stage)}`],
  "lead.withdrawn.v1": ["Lead withdrawn", () => "withdrew the lead with its run"],
  "lead.excluded.v1": ["Lead left alone", () => "wrote nothing, for the lead is to be left alone"],
  "deal.approached.v1": ["Company approached", (d) => `noted that the company is written to, angle: ${themeOf(d.angle)}`],
  "email.drafted.v1": ["Letter drafted", (d) => `wrote version ${d.draft_version} of a letter, angle: ${themeOf(d.writing.angle)}`],
  "email.blocked.v1": ["No letter", (d) => `could write no letter${because(d.reason)}`],
  "email.edited.v1": ["Letter edited", (d) => `edited the letter to version ${d.draft_version}, a ${EDITS[d.change.edit_class] ?? words(d.change.edit_class)} change`],
  "email.approved.v1": ["Letter approved", (d) => `approved version ${d.draft_version} of the letter${d.overridden?.length ? `, past ${many(d.overridden.length, "failed check")}` : ""}`],
  "email.rejected.v1": ["Letter rejected", (d) => `rejected the letter, ${tagged(d.tag)}${quoted(d.reason)}`],
  "email.changes_requested.v1": ["Changes asked for", (d) => `asked for another text${wished(d.wishes)}${quoted(d.instruction)}`],
  "email.revoked.v1": ["Approval taken back", (d) => `took the approval back${quoted(d.reason)}`],
  "email.claimed.v1": ["Letter claimed", (d) => `is on the letter until ${until(d.until)}`],
  "email.released.v1": ["Letter left to others", () => "left the letter to the others"],
  "email.snoozed.v1": ["Letter put off", (d) => `put the letter off until ${until(d.until)}`],
  "email.commented.v1": ["Letter commented on", (d) => `commented on the letter${quoted(d.text)}`],
  "email.expired.v1": ["Letter expired", () => "closed the letter, for nobody answered in time"],
  "email.withdrawn.v1": ["Letter withdrawn", (d) => (d.reason === "excluded" ? "took the letter back, for its recipient is to be left alone" : "withdrew the letter with its run")],
  "email.send_requested.v1": ["Sending asked for", () => "asked for sending, for the time to undo is over"],
  "email.send_reserved.v1": ["Sending reserved", (d) => `reserved the sending${simulated(d)}`],
  "email.send_blocked.v1": ["Sending blocked", (d) => `did not send the letter, ${GATES[d.gate] ?? words(d.gate)}${because(d.why)}`],
  "email.send_started.v1": ["Sending began", (d) => `began to send, attempt ${d.attempt}${simulated(d)}`],
  "email.sent.v1": ["Letter sent", (d) => (d.simulated ? "simulated the sending; nothing left this machine" : `sent the letter through ${line(d.provider)}`)],
  "email.unresolved.v1": ["Sent or not", (d) => `does not know whether the letter arrived${because(d.reason)}`],
  "email.failed.v1": ["Sending failed", (d) => `did not send the letter${because(d.reason)}`],
  "run.requested.v1": ["Run asked for", (d) => `asked for a ${RUNS[d.terms.mode] ?? words(d.terms.mode)} over ${line(d.file?.name) || sourceOf(d.source)}`],
  "run.chunk_read.v1": ["Rows read", (d) => `read ${many(d.rows, "row")}: ${many(d.sourced, "new lead")}${d.refused ? `, ${d.refused.toLocaleString()} refused` : ""}`],
  "run.source_blocked.v1": ["Source blocked", (d) => `got nothing from ${sourceOf(d.source)}${because(d.reason)} ${plain(d.remedy)}`],
  "run.tallied.v1": ["Run counted", () => "counted how far the leads of the run are"],
  "run.stage_completed.v1": ["Stage done", ({ result: r }) => `closed ${stage(r.stage)}: ${r.out.toLocaleString()} of ${many(r.entered, "lead")} went on`],
  "run.stage_failed.v1": ["Stage failed", (d) => `gave ${stage(d.stage)} up${because(d.reason)}`],
  "run.stopped.v1": ["Run stopped", (d) => `stopped the run at ${stage(d.stage)}${because(d.reason)}`],
  "run.resumed.v1": ["Run resumed", () => "let the run go on"],
  "run.waiting_for_review.v1": ["Run waits for review", (d) => `left ${many(d.waiting, "letter")} of the run to the reviewers`],
  "run.completed.v1": ["Run completed", () => "closed the run: every lead has its outcome"],
  "run.failed.v1": ["Run failed", (d) => `closed the run as failed at ${stage(d.stage)}${because(d.reason)}`],
  "run.cancelled.v1": ["Run cancelled", (d) => `cancelled the run${because(d.reason)}`],
  "run.withdrawn.v1": ["Run withdrawn", (d) => `took back what the run brought${because(d.reason)}`],
  "policy.outbound_halted.v1": ["Sending halted", (d) => `halted all sending${because(d.reason)}`],
  "policy.outbound_resumed.v1": ["Sending resumed", (d) => `let sending go on${because(d.reason)}`],
  "policy.address_suppressed.v1": ["Address left alone", (d) => `put an address on the list of those that nobody writes to${because(d.reason)}`],
  "policy.excluded.v1": ["Left alone", (d) => `put ${d.kind === "domain" ? "a domain" : "an address"} on the list of those to leave alone${quoted(d.reason)}`],
  "policy.exclusion_removed.v1": ["Left alone no longer", () => "took somebody off the list of those to leave alone"],
  "policy.exclusions_counted.v1": ["List counted", (d) => `counted the list of those to leave alone: ${d.count.toLocaleString()} on it`],
  "policy.model_activated.v1": ["Ideal customer changed", (d) => `made ${line(d.model_id)} the model that leads are scored by${because(d.reason)}`],
  "policy.send_granted.v1": ["Sending allowed", (d) => `found every gate open for the letter${because(d.why)}`],
  "policy.send_denied.v1": ["Sending refused", (d) => `kept the letter back, ${GATES[d.gate] ?? words(d.gate)}${because(d.why)}`],
  "access.account_opened.v1": ["Account opened", (d) => `opened an account for ${line(d.login)}: ${list(d.roles)}`],
  "access.roles_changed.v1": ["Roles changed", (d) => `changed somebody's roles to ${list(d.roles) || "none"}`],
  "access.account_closed.v1": ["Account closed", (d) => `closed an account${because(d.reason)}`],
  "access.token_created.v1": ["Signed in, or token made", session],
  "access.token_revoked.v1": ["Signed out, or token ended", (d) => `ended a session or a token${because(d.reason)}`],
  "access.password_set.v1": ["Password set", () => "set a password"],
  "access.personal_read.v1": ["Personal data seen", read],
  "ops.dead_lettered.v1": ["Given up", (d) => `gave “${called(d.entry_type)}” up after ${many(d.attempts, "attempt")}${because(d.reason)}`],
  "ops.dead_retried.v1": ["Tried again", (d) => `sent “${called(d.entry_type)}” back to be tried again`],
  "ops.dead_dropped.v1": ["Left undone", (d) => `let what was given up rest${because(d.reason)}`],
};

/** Bookkeeping that comes each second while a run goes on; left out unless it is asked for. */
export const QUIET = ["run.tallied.v1", "policy.exclusions_counted.v1"];

/** Every type of fact. */
export const TYPES = Object.keys(FACTS);

/** By type: what it is called in a list of choices. */
export const NAMES = Object.fromEntries(TYPES.map((type) => [type, FACTS[type][0]]));

/** What a type is called. A new one is named by its tag, in words. @param {string} type */
export function called(type) {
  const [, category = "", name = ""] = /^(\w+)\.(\w+)\./.exec(type ?? "") ?? [];
  return FACTS[type]?.[0] ?? (words(`${category} ${name}`).trim() || "Something");
}

/**
 * What a fact says of whoever caused it.
 * @param {{type: string, data: any}} fact
 */
export function says({ type, data }) {
  try {
    return FACTS[type][1](data);
  } catch {
    // A fact of a later version may lack what is looked for.
    return called(type).toLowerCase();
  }
}
