// The table: one row a lead; where it stands, why, and what would move it.
import { html, useEffect, useRef } from "../vendor.js";
import { follow } from "../core/router.js";
import { line, shown, sourceOf, words } from "../core/text.js";
import { Time } from "../core/time.js";
import { TIERS } from "../core/words.js";
import { addressOf, list, loadMore, openId, read } from "./store.js";

/** What may be called a name: of the person, or of the row that became none. @param {any} lead */
export function nameOf(lead) {
  if (lead.name) return shown(lead.name, "Name hidden");
  return lead.origin ? `Row ${lead.origin.row} of ${sourceOf(lead.origin.source)}` : "No name";
}

export function Table() {
  const box = useRef(null);
  useEffect(() => {
    box.current.querySelector("tr.on")?.scrollIntoView({ block: "nearest" });
  }, [openId.value]);
  return html`
    <div class="records-box" ref=${box}>
      <table class="records">
        <caption class="unseen">Leads, the newest change first</caption>
        <thead>
          <tr><th scope="col">Person</th><th scope="col">Company</th><th scope="col">Score</th><th scope="col">Where it stands, and why</th><th scope="col">Changed</th></tr>
        </thead>
        <tbody>${list.rows.value.map((lead) => html`<${Row} key=${lead.id} lead=${lead} />`)}</tbody>
      </table>
      ${list.more.value && html`<p class="records-more"><button type="button" onClick=${loadMore}>Show more</button></p>`}
    </div>
  `;
}

function Row({ lead }) {
  const here = lead.id === openId.value;
  const why = line(lead.said.why);
  const next = line(lead.said.moves);
  // The whole row is a target for the pointer; the link in it is the one for the keyboard.
  const onClick = (event) => {
    if (!event.target.closest("a") && !getSelection()?.toString()) read(lead.id);
  };
  return html`
    <tr class=${here ? "on" : ""} onClick=${onClick}>
      <th scope="row">
        <a id=${`lead-${lead.id}`} class="lead-link" href=${addressOf(lead.id)} onClick=${follow} aria-current=${here ? "true" : null}>${nameOf(lead)}</a>
        ${lead.title && html`<span class="dim under">${line(lead.title)}</span>`}
      </th>
      <td>${line(lead.company) || html`<span class="dim">no company</span>`}</td>
      <td class="score-cell"><${Score} lead=${lead} /></td>
      <td class="stand-cell">
        <strong>${lead.stands}</strong>
        ${why && html`<span class="dim under">${why}</span>`}
        ${next && html`<span class="under move">${next}</span>`}
      </td>
      <td class="when"><${Time} at=${lead.updated_at} form="ago" /></td>
    </tr>
  `;
}

/** @param {{lead: any}} props */
export function Score({ lead }) {
  if (lead.score === null) return html`<span class="dim">not scored</span>`;
  return html`
    <strong>${lead.score}</strong> <span class=${`tier ${lead.tier}`}>${TIERS[lead.tier] ?? words(lead.tier)}</span>
    ${lead.could_reach > lead.score && html` <span class="dim under">could reach ${lead.could_reach}</span>`}
  `;
}

export function Skeleton() {
  return html`
    <div class="records-box" role="status"><span class="unseen">Loading the leads</span>
      <div aria-hidden="true">${Array.from({ length: 8 }, (_, index) => html`<div key=${index} class="bones record-bones"><i></i><i></i></div>`)}</div>
    </div>
  `;
}
