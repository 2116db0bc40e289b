// One line of the activity: when, who, what, and about whom.
import { html } from "../vendor.js";
import { says } from "../core/facts.js";
import { people } from "../core/people.js";
import { follow } from "../core/router.js";
import { runNamed } from "../core/runs.js";
import { capital, line, shown, who } from "../core/text.js";
import { Time } from "../core/time.js";
import { aboutLead, actors, ask, filters, mixed } from "./store.js";

/** @param {{fact: any}} props */
export function Line({ fact }) {
  const [category] = fact.type.split(".");
  const actor = capital(who(fact.actor));
  return html`
    <li class=${`line ${category}`}>
      <span class="line-when"><${Time} at=${fact.at} form="second" /></span>
      <span class="line-what">
        ${!actors.value.has(who(fact.actor)) || filters.value.actor === actors.value.get(who(fact.actor))
          ? html`<strong>${actor}</strong>`
          : html`<button type="button" class="link who" title="Only what this one did" onClick=${() => ask({ actor: actors.value.get(who(fact.actor)) })}>${actor}</button>`}
        ${" "}${says(fact)}${fact.synthetic && mixed.value ? html` <span class="dim">(sample data)</span>` : ""}
      </span>
      <span class="line-about"><${About} fact=${fact} /></span>
    </li>
  `;
}

function About({ fact }) {
  const lead = aboutLead(fact);
  if (lead) {
    const person = people.value.get(lead);
    const name = person ? shown(person.name ?? person.row, "Name hidden") : "The lead";
    return html`<a href=${`/leads/${lead}`} onClick=${follow}>${name}</a>${person?.company && html`<span class="dim">, ${line(person.company)}</span>`}`;
  }
  const run = fact.type.startsWith("run.") ? fact.about : (fact.data?.run_id ?? "");
  if (!run) return null;
  if (filters.value.run_id === run) return html`<span class="dim">${runNamed(run)}</span>`;
  return html`<button type="button" class="link" title="Only this run" onClick=${() => ask({ run_id: run })}>${runNamed(run)}</button>`;
}
