// What the page of activity knows: the newest facts, those that wait until they are looked at, and what is asked for.
import { batch, computed, signal } from "../vendor.js";
import { address, get, Problem } from "../core/api.js";
import { CATEGORIES, QUIET, TYPES } from "../core/facts.js";
import { meet } from "../core/people.js";
import { asked, note } from "../core/router.js";
import { may } from "../core/session.js";
import { REDACTED, who as named } from "../core/text.js";

const FIRST = 50;
const KEPT_MAX = 500;

/** `category` and `actor` hold several, with commas between: one that people call by one name can be several. */
export const NO_FILTERS = { category: "", type: "", actor: "", run_id: "", lead_id: "" };
/** @type {import("../vendor.js").Signal<typeof NO_FILTERS>} */
export const filters = signal(NO_FILTERS);
/** The newest first. @type {import("../vendor.js").Signal<any[]>} */
export const events = signal([]);
/** What came while its reader had paused or was looking further down. */
export const held = signal([]);
export const paused = signal(false);
/** Whether the newest is out of sight. */
export const away = signal(false);
/** `loading` until the first answer, then `ready` or `failed`. */
export const phase = signal("loading");
/** @type {import("../vendor.js").Signal<Problem | null>} */
export const problem = signal(null);
export const filtered = computed(() => Object.values(filters.value).some(Boolean));
export const chosenCategories = computed(() => filters.value.category.split(",").filter(Boolean));
/** Those that this reader may hear of. */
export const categories = computed(() => Object.keys(CATEGORIES).filter((one) => one !== "access" || may("audit")));

let questions = 0;

/** Ask for the newest; what is seen already stays, and what came meanwhile is put where it belongs. */
export async function load() {
  const mine = questions;
  try {
    const { data } = await get("/api/events", { newest: "true", limit: FIRST, ...question() });
    if (mine !== questions) return;
    batch(() => {
      add(data.items.filter(fits));
      phase.value = "ready";
      problem.value = null;
    });
  } catch (failed) {
    if (!(failed instanceof Problem)) throw failed;
    if (mine !== questions) return;
    problem.value = failed;
    if (phase.value === "loading" && failed.status !== 401) phase.value = "failed";
  }
}

/** The types that can be asked for. */
export const types = computed(() => TYPES.filter((one) => among(one.split(".")[0]) && !QUIET.includes(one)));
/** Who looked at whom comes with each page that anybody opens; it is shown to who asks for what people do. */
const SEEN = "access.personal_read.v1";
const quiet = (type) => QUIET.includes(type) || (type === SEEN && !chosenCategories.value.includes("access"));

function among(category) {
  const some = chosenCategories.value;
  return categories.value.includes(category) && (!some.length || some.includes(category));
}

const several = (text) => text.split(",").filter(Boolean);

/** What the gateway is asked for. */
function question() {
  const { type, actor, run_id, lead_id } = filters.value;
  return { type: type ? [type] : types.value.filter((one) => !quiet(one)), actor: several(actor), run_id, lead_id };
}

/** The address of the log as a file, nothing left out that is not filtered away. */
export const file = () => address("/api/events", { category: chosenCategories.value, type: filters.value.type, actor: several(filters.value.actor), run_id: filters.value.run_id, lead_id: filters.value.lead_id, format: "csv" });

/** A fact that the feed told. */
export function hear(fact) {
  if (fact.position && fits(fact)) add([fact]);
}

/** Show what waits. */
export function release() {
  batch(() => {
    events.value = together(events.value, held.value);
    held.value = [];
  });
}

/** What the address asks for becomes what is asked for. */
export function readAddress() {
  const given = asked();
  filters.value = Object.fromEntries(Object.keys(NO_FILTERS).map((name) => [name, given[name] ?? ""]));
  anew();
}

/** @param {Partial<typeof NO_FILTERS>} change */
export function ask(change) {
  filters.value = { ...filters.value, ...change };
  note(filters.value);
  anew();
  load();
}

/** @param {string} category */
export function toggle(category) {
  const on = chosenCategories.value;
  ask({ category: (on.includes(category) ? on.filter((one) => one !== category) : [...on, category]).join(",") });
}

function anew() {
  questions += 1;
  batch(() => {
    events.value = [];
    held.value = [];
    phase.value = "loading";
    problem.value = null;
  });
}

/** Whether a fact is among what is asked for; the gateway judges its own answers in the same way. */
function fits(fact) {
  const { type, actor, run_id, lead_id } = filters.value;
  const some = chosenCategories.value;
  return (
    (!some.length || some.includes(fact.type.split(".")[0])) &&
    (type ? fact.type === type : !quiet(fact.type)) &&
    (!actor || several(actor).includes(fact.actor)) &&
    (!run_id || fact.correlation_id === run_id || fact.data?.run_id === run_id) &&
    (!lead_id || fact.lead_id === lead_id)
  );
}

/** Who was seen at work since the page was opened; what is asked for leaves others out. */
const met = signal(new Set());

function add(facts) {
  const some = facts.map((one) => one.actor).filter((one) => one && one !== REDACTED && !met.value.has(one));
  if (some.length) met.value = new Set([...met.value, ...some]);
  const known = new Set([...events.value, ...held.value].map((one) => one.position));
  const fresh = facts.filter((one) => !known.has(one.position));
  if (!fresh.length) return;
  const waits = phase.value === "ready" && (paused.value || away.value);
  if (waits) held.value = together(held.value, fresh);
  else events.value = together(events.value, fresh);
  meet(fresh.map(aboutLead).filter(Boolean));
}

/** The lead, or the row that became none, that a fact speaks of; empty for none. */
export const aboutLead = (fact) => fact.lead_id || (fact.type.startsWith("lead.") ? fact.about : "");

const at = (fact) => new Date(fact.at).getTime();
const place = (fact) => fact.position.split(":").map(Number);

function newestFirst(one, other) {
  const [partition, seq] = place(one);
  const [otherPartition, otherSeq] = place(other);
  if (partition === otherPartition) return otherSeq - seq;
  return at(other) - at(one) || otherPartition - partition;
}

const together = (some, others) => [...some, ...others].sort(newestFirst).slice(0, KEPT_MAX);

/** Everybody who did something that was seen, by how people call them: those they are, with commas between. */
export const actors = computed(() => {
  const found = new Map();
  for (const actor of met.value) found.set(named(actor), [...(found.get(named(actor)) ?? []), actor]);
  return new Map([...found].map(([name, some]) => [name, some.sort().join(",")]));
});
/** Whether something is about invented leads, and something about real ones: then each says which. */
export const mixed = computed(() => {
  const kinds = events.value.filter((one) => /^(lead|email|deal|run)\./.test(one.type)).map((one) => one.synthetic);
  return kinds.includes(true) && kinds.includes(false);
});
