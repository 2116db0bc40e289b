// How many leads got how far, as bars with their numbers, and beside it where they stand in words.
import { html } from "../vendor.js";
import { counted } from "../core/text.js";
import { ask, filters, funnel } from "./store.js";

/** By stage: what getting there means, and the same in a word or two. */
export const STAGES = {
  scrape: { word: "Came in", short: "came in" },
  enrich: { word: "Researched", short: "researched" },
  segment: { word: "Scored", short: "scored" },
  craft: { word: "Drafted", short: "drafted" },
  approve: { word: "Answered", short: "answered by a person" },
  send: { word: "On its way", short: "on its way, or sent" },
};
const STANDS_MAX = 6;

export function Funnel() {
  const known = funnel.value;
  if (!known) return html`<div class="funnel" aria-hidden="true"><div class="bones funnel-bones"><i></i><i></i><i></i><i></i></div></div>`;
  if (!known.total) return null;
  const names = Object.keys(STAGES);
  const reached = names.map((_, at) => names.slice(at).reduce((sum, one) => sum + known.stages[one], 0));
  return html`
    <section class="funnel" aria-labelledby="funnel-title">
      <table class="bars">
        <caption id="funnel-title">How far ${counted(known.total, "lead")} got</caption>
        <thead class="unseen"><tr><th scope="col">Stage</th><th scope="col">Bar</th><th scope="col">Got there</th><th scope="col">Stand here</th></tr></thead>
        <tbody>
          ${names.map((name, at) => html`<${Bar} key=${name} name=${name} reached=${reached[at]} here=${known.stages[name]} total=${known.total} />`)}
        </tbody>
      </table>
      <${Stands} stands=${known.stands} />
    </section>
  `;
}

function Bar({ name, reached, here, total }) {
  const on = filters.value.stage === name;
  const percent = (count) => `${(100 * count) / total}%`;
  return html`
    <tr class=${on ? "on" : ""}>
      <th scope="row">${STAGES[name].word}</th>
      <td class="bar-cell">
        <svg class="bar" aria-hidden="true" focusable="false">
          <rect class="bar-reached" width=${percent(reached)} height="100%" rx="3" />
          ${here > 0 && reached > here && html`<rect class="bar-here" x=${percent(reached - here)} width=${percent(here)} height="100%" />`}
        </svg>
      </td>
      <td class="number"><strong>${reached.toLocaleString()}</strong></td>
      <td class="stay">
        ${here > 0
          ? html`<button type="button" class="link" aria-pressed=${on} onClick=${() => ask({ stage: on ? "" : name })}>${here.toLocaleString()} <span class="wide-only">stand </span>here</button>`
          : html`<span class="dim">${reached ? "all went on" : "none yet"}</span>`}
      </td>
    </tr>
  `;
}

function Stands({ stands }) {
  const all = Object.entries(stands);
  const some = all.slice(0, STANDS_MAX);
  const rest = all.slice(STANDS_MAX);
  return html`
    <div class="stands">
      <table>
        <caption>Where they stand</caption>
        <thead class="unseen"><tr><th scope="col">Stands</th><th scope="col">Leads</th></tr></thead>
        <tbody>${some.map(([word, count]) => html`<${Stand} key=${word} word=${word} count=${count} />`)}</tbody>
      </table>
      ${rest.length > 0 && html`
        <details>
          <summary>${rest.length} more</summary>
          <table>
            <caption class="unseen">Where the others stand</caption>
            <tbody>${rest.map(([word, count]) => html`<${Stand} key=${word} word=${word} count=${count} />`)}</tbody>
          </table>
        </details>
      `}
    </div>
  `;
}

function Stand({ word, count }) {
  const on = filters.value.stands === word;
  return html`
    <tr class=${on ? "on" : ""}>
      <th scope="row"><button type="button" class="link" aria-pressed=${on} onClick=${() => ask({ stands: on ? "" : word })}>${word}</button></th>
      <td class="number">${count.toLocaleString()}</td>
    </tr>
  `;
}
