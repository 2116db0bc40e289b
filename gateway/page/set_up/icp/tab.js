// The ideal customer: the one that leads are scored by, whom another one would move, and every one that was activated.
import { html, useEffect } from "../../vendor.js";
import { useLoaded } from "../../core/loaded.js";
import { whenTold } from "../../core/told.js";
import { Section } from "../../parts/paper.js";
import { Bones, Stale, Trouble } from "../../parts/trouble.js";
import { Candidate } from "./candidate.js";
import { InForce } from "./in_force.js";
import { view } from "./store.js";
import { Versions } from "./versions.js";

export function Ideal() {
  useLoaded(view);
  useEffect(() => whenTold((fact) => fact.type === "policy.model_activated.v1", (facts) => view.load(facts.at(-1).position)), []);
  const known = view.data.value;
  if (!known) {
    return html`
      <${Section} title="In force">
        ${view.problem.value ? html`<${Trouble} problem=${view.problem.value} what="The ideal customer" onAgain=${view.load} />` : html`<${Bones} words="Loading the ideal customer" />`}
      <//>
    `;
  }
  return html`
    <${Stale} view=${view} />
    <${InForce} active=${known.active} />
    <${Candidate} active=${known.active} />
    <${Versions} versions=${known.versions} />
  `;
}
