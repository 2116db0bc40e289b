// Whom the facts of the log are about: by lead, the name and the company, as far as this reader may see them.
import { signal } from "../vendor.js";
import { get, Problem } from "./api.js";
import { place } from "./feed.js";
import { sourceOf } from "./text.js";

const EACH_MAX = 3;
const NEWEST = 200;

/** By the id of a lead; null where there is none. @type {import("../vendor.js").Signal<Map<string, {name: string | null, company: string, row?: string} | null>>} */
export const people = signal(new Map());
const asking = new Set();

/** @param {any[]} rows As `GET /api/leads` lists them. */
export function learn(rows) {
  if (!rows.length) return;
  people.value = new Map([...people.value, ...rows.map((row) => [row.id, { name: row.name, company: row.company, row: row.origin ? `row ${row.origin.row} of ${sourceOf(row.origin.source)}` : "" }])]);
}

/**
 * Look up whom these ids mean, those that are not known yet: a few each by itself, many in the newest of the list.
 * @param {string[]} ids
 */
export async function meet(ids) {
  const unknown = () => [...new Set(ids)].filter((id) => id && !people.value.has(id) && !asking.has(id));
  if (!unknown().length) return;
  try {
    if (unknown().length > EACH_MAX) learn((await get("/api/leads", { limit: NEWEST, after: place.value })).data.items);
    for (const id of unknown().slice(0, NEWEST)) await one(id);
  } catch (problem) {
    // Without a name the line still says what happened.
    if (!(problem instanceof Problem)) throw problem;
  }
}

async function one(id) {
  asking.add(id);
  try {
    // A fact is told before the list of leads has it.
    learn([(await get(`/api/leads/${id}`, { after: place.value })).data]);
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    people.value = new Map([...people.value, [id, null]]);
  } finally {
    asking.delete(id);
  }
}
