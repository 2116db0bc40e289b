// What would come of a file: how many rows end as what, the first leads, and the rows that can be none.
import { html, useSignal } from "../vendor.js";
import { may } from "../core/session.js";
import { counted, line } from "../core/text.js";
import { Rows } from "../parts/rows.js";
import { Known } from "./known.js";
import { REFUSED } from "./refusals.js";
import { AMONG, fieldWords, ROWS } from "./words.js";

const REFUSED_FIRST = 8;

/** @param {{found: any, path: string}} props */
export function Outlook({ found, path }) {
  const all = useSignal(false);
  const { counts, refused, sample } = found;
  const seen = all.value ? refused : refused.slice(0, REFUSED_FIRST);
  return html`
    <p class="unseen" role="status">${counted(counts.sourced, "new lead")}, ${counted(counts.refused, "refused row")}</p>
    <dl class="counts">
      ${Object.entries(ROWS).filter(([name]) => name !== "not_taken" && (!AMONG.has(name) || counts[name] > 0)).map(([name, { word, will }]) => html`
        <div key=${name} class=${counts[name] ? name : "zero"}>
          <dt>${word}</dt>
          <dd><strong>${(counts[name] ?? 0).toLocaleString()}</strong> <span class="dim">${will}</span></dd>
        </div>
      `)}
    </dl>
    <${Known} found=${found} />
    ${sample.length > 0
      ? html`
          <h3>The first ${sample.length === 1 ? "lead" : `${sample.length} leads`}</h3>
          <${Rows} label="The first leads" columns=${columnsOf(found)} rows=${sample} keyOf=${(one) => one.row} scrolls />
        `
      : html`<p class="dim">${may("read_personal") ? "No row can be a lead as it is." : "Rows are shown to those who may see names and addresses."}</p>`}
    ${counts.refused > 0 && html`
      <div class="refused-head">
        <h3>${counted(counts.refused, "row is", "rows are")} refused</h3>
        <a class="act" href=${`${path}/refused.csv`} download="refused.csv">Download them to mend</a>
      </div>
      <${Rows} label="Refused rows" columns=${REFUSED} rows=${seen} keyOf=${(one) => one.row} />
      ${refused.length > seen.length && html`<button type="button" onClick=${() => (all.value = true)}>Show ${counted(refused.length - seen.length, "more", "more")}</button>`}
      ${all.value && counts.refused > refused.length && html`<p class="dim">The file has all ${counts.refused.toLocaleString()}.</p>`}
    `}
  `;
}

/** A column for each field that any of the first leads has, in the order of the fields. */
const columnsOf = ({ fields, sample }) => [
  { word: "Row", kind: "row", cell: (one) => one.row.toLocaleString() },
  ...fields.filter((field) => sample.some((one) => one[field])).map((field) => ({ word: fieldWords(field), cell: (one) => line(one[field]) })),
];
