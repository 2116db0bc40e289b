// The runs by name: an id says nothing to anybody, a file and the time it was brought do.
import { signal } from "../vendor.js";
import { get, Problem } from "./api.js";
import { line, sourceOf } from "./text.js";
import { dayAndClock, runWords } from "./time.js";

/** The newest, as `GET /api/runs` lists them. @type {import("../vendor.js").Signal<any[]>} */
export const runs = signal([]);

export async function loadRuns() {
  try {
    runs.value = (await get("/api/runs", { limit: 200 })).data.items;
  } catch (problem) {
    // A run is then called by its id.
    if (!(problem instanceof Problem)) throw problem;
  }
}

/** @param {string} id */
export function runNamed(id) {
  const run = runs.value.find((one) => one.run_id === id);
  if (!run?.started_at) return runWords(id);
  return `${line(run.file_name) || sourceOf(run.source)}, ${dayAndClock(run.started_at)}`;
}
