// The share of approvals by group, each with its interval, drawn in the row of the table that has its numbers.
import { html } from "../vendor.js";
import { line } from "../core/text.js";
import { GROUPS } from "./store.js";

/** Below so many answers a share says next to nothing: its interval spans half of all there is. */
export const FEW = 10;

const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {{summary: {by: string, about: string, rows: any[]}}} props */
export function Chart({ summary: { by, about, rows } }) {
  const byTag = by === "tag";
  const all = rows.reduce((sum, row) => sum + row.rejected, 0);
  return html`
    <div class="records-box">
      <table class="records fared-table">
        <caption class="dim">${byTag ? "Of all rejections, how many have each tag" : "Of the drafts that a person answered, how many were approved"}; the bar is where the true share lies, 19 times out of 20. Counted: ${about}.</caption>
        <thead>
          <tr>
            <th scope="col">${GROUPS[by]}</th>
            <th scope="col" class="chart-head"><span>0 %</span><span>50 %</span><span>100 %</span></th>
            <th scope="col">${byTag ? "Share" : "Share approved"}</th>
            ${byTag
              ? html`<th scope="col" class="number">Rejections</th>`
              : html`
                  <th scope="col" class="number">Drafts</th><th scope="col" class="number">Approved</th><th scope="col" class="number">of these edited</th>
                  <th scope="col" class="number">Rejected</th><th scope="col" class="number">Changes</th>
                `}
          </tr>
        </thead>
        <tbody>${rows.map((row) => html`<${Row} key=${row.key} row=${row} by=${by} answered=${byTag ? all : row.approved + row.rejected + row.changes_requested} />`)}</tbody>
      </table>
    </div>
  `;
}

function Row({ row, by, answered }) {
  const few = answered < FEW;
  const cell = (label, count) => html`<td class="number" data-label=${label}>${count.toLocaleString()}</td>`;
  return html`
    <tr class=${few ? "few" : ""}>
      <th scope="row">${line(row.label)}</th>
      <td class="chart-cell">${row.share !== null && html`<${Share} row=${row} few=${few} />`}</td>
      <td class="share-cell">
        ${row.share === null
          ? html`<span class="dim">nobody answered yet</span>`
          : html`<strong>${percent(row.share)}</strong> <span class="dim">between ${Math.round(100 * row.low)} and ${percent(row.high)}</span>${few && html`<span class="under dim">${fewWords(answered, by)}</span>`}`}
      </td>
      ${by === "tag" ? cell("Rejections", row.drafts) : html`${cell("Drafts", row.drafts)}${cell("Approved", row.approved)}${cell("of these edited", row.edited)}${cell("Rejected", row.rejected)}${cell("Changes", row.changes_requested)}`}
    </tr>
  `;
}

const fewWords = (count, by) => (by === "tag" ? `${count} ${count === 1 ? "rejection" : "rejections"} in all: too few to say` : `${count} ${count === 1 ? "draft" : "drafts"} answered: too few to say`);

function Share({ row, few }) {
  const at = (share) => `${100 * share}%`;
  return html`
    <svg class="share" aria-hidden="true" focusable="false">
      <line class="share-grid" x1="50%" x2="50%" y1="0" y2="100%" />
      <line class="share-axis" x1="0" x2="100%" y1="50%" y2="50%" />
      <rect class="share-range" x=${at(row.low)} width=${at(Math.max(0.004, row.high - row.low))} y="25%" height="50%" rx="3" />
      <circle class=${few ? "share-dot few" : "share-dot"} cx=${at(row.share)} cy="50%" r="5" />
    </svg>
  `;
}
