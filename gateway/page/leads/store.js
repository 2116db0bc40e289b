// What the page of leads knows: the funnel, the list as it is asked for, and the lead that is open.
import { computed, signal } from "../vendor.js";
import { get, Problem } from "../core/api.js";
import { seeCampaigns } from "../core/campaigns.js";
import { paged } from "../core/paged.js";
import { learn } from "../core/people.js";
import { asked, go, note, path } from "../core/router.js";

export const NO_FILTERS = { q: "", stands: "", stage: "", tier: "", run_id: "", campaign: "" };
/** @type {import("../vendor.js").Signal<typeof NO_FILTERS>} */
export const filters = signal(NO_FILTERS);
export const list = paged("/api/leads", { key: (row) => row.id, question: () => filters.value });
export const filtered = computed(() => Object.values(filters.value).some(Boolean));
/** The answer of `GET /api/leads/funnel`; null before the first. */
export const funnel = signal(null);
/** The lead that the address names; empty for none. */
export const openId = computed(() => decodeURIComponent(/^\/leads\/([^/]+)$/.exec(path.value)?.[1] ?? ""));

export async function load() {
  await list.load();
  keep();
}

/** @param {string} [after] @param {Set<string>} [changed] */
export async function renew(after, changed) {
  await list.renew(after, changed);
  keep();
}

export async function loadMore() {
  await list.loadMore();
  keep();
}

/** @param {string} [after] A position that the counts have to include. */
export async function loadFunnel(after = "") {
  try {
    funnel.value = (await get("/api/leads/funnel", { after })).data;
  } catch (failed) {
    if (!(failed instanceof Problem)) throw failed;
  }
}

/** What the address asks for becomes what is asked for. */
export function readAddress() {
  const given = asked();
  filters.value = Object.fromEntries(Object.keys(NO_FILTERS).map((name) => [name, given[name] ?? ""]));
}

/** @param {Partial<typeof NO_FILTERS>} change */
export function ask(change) {
  filters.value = { ...filters.value, ...change };
  note(filters.value);
  load();
}

/** @param {string} id The lead to read; empty closes it. */
export const read = (id) => go(addressOf(id));

/** The address of a lead, or of none, with what is asked for kept. @param {string} id */
export const addressOf = (id) => `/leads${id ? `/${encodeURIComponent(id)}` : ""}${location.search}`;

/** Whether the drawing is what its reader came for, and where they came from. */
export const cameFor = { why: false, from: "" };

/** Open the drawing of what led to a letter; closing it leads back. @param {string} id The lead. */
export function readWhy(id) {
  cameFor.why = true;
  cameFor.from = path.value;
  go(`/leads/${encodeURIComponent(id)}`);
}

/** @param {number} by How many rows to go down from the open one; negative goes up. */
export function step(by) {
  const all = list.rows.value;
  const at = all.findIndex((row) => row.id === openId.value);
  const to = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (to && to.id !== openId.value) read(to.id);
}

function keep() {
  const rows = list.rows.value;
  learn(rows);
  seeCampaigns(rows.map((row) => row.campaign));
}
