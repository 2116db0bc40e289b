// What an empty queue says while no letter has come at all: what is on its way, or the first step.
import { html, useEffect } from "../vendor.js";
import { get } from "../core/api.js";
import { loaded, useLoaded } from "../core/loaded.js";
import { follow } from "../core/router.js";
import { may, session } from "../core/session.js";
import { line } from "../core/text.js";
import { whenTold } from "../core/told.js";
import { State } from "../parts/state.js";
import { nameOf, OVER } from "./words.js";

const newest = loaded(async (after = "") => (await get("/api/runs", { limit: 1, after })).data.items);

export function First() {
  useLoaded(newest);
  useEffect(() => whenTold((fact) => fact.type.startsWith("run."), (facts) => newest.load(facts.at(-1).position), { categories: ["run"] }), []);
  const [run] = newest.data.value ?? [];
  if (run) {
    const over = OVER.has(run.status);
    return html`
      <${State} title=${over ? "No letter came of the last run" : "The first letters are on their way"} mark="tray">
        <p>${over ? "Its page says what became of each row." : `${nameOf(run)} is being worked through. Letters appear here by themselves as they are written.`}</p>
        <a class="act main" href=${`/runs/${encodeURIComponent(run.run_id)}`} onClick=${follow}>${over ? "See what became of it" : "Watch the run"}</a>
      <//>
    `;
  }
  return html`
    <${State} title="Nothing has come yet" mark="tray">
      ${may("run")
        ? html`
            <p>Your list, your first draft: bring people you want to write to, and a letter to each who fits waits here for you.</p>
            <a class="act main" href="/runs/new" onClick=${follow}>Bring your list</a>
          `
        : html`
            <p>Letters appear here as soon as a run has written them. Operators start runs, under Runs or in a terminal:</p>
            <pre tabindex="0"><code>swarm run --namespace ${line(session.value.namespace) || "main"} --input leads.csv</code></pre>
          `}
    <//>
  `;
}
