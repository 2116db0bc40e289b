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
      <p>Three steps lead to the first letter.</p>
      <ol class="steps">
        <li>
          <h3>Your company</h3>
          <p>Letters speak for the company, the sender and the offer that one file describes; <code>swarm init</code> writes it. <a href="/set-up/offer" onClick=${follow}>Set-up</a> says which offer is used, and what is missing.</p>
        </li>
        <li>
          <h3>Your list</h3>
          ${may("run")
            ? html`
                <p>Bring people you want to write to. You see what comes of each row before anything starts.</p>
                <p class="row"><a class="act main" href="/runs/new" onClick=${follow}>Bring your list</a> <a href="/runs/new" onClick=${follow}>or try invented people</a></p>
              `
            : html`
                <p>Operators bring it, under Runs or in a terminal:</p>
                <pre tabindex="0"><code>swarm run --namespace ${line(session.value.namespace) || "main"} --input leads.csv</code></pre>
              `}
        </li>
        <li>
          <h3>Your first draft</h3>
          <p>A letter to each who fits waits here for an answer. Nothing is sent that nobody approved.</p>
        </li>
      </ol>
    <//>
  `;
}
