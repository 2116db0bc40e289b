// Every one that was activated, the newest first; each can be brought back by way of the comparison.
import { html, useSignal } from "../../vendor.js";
import { get, Problem } from "../../core/api.js";
import { line, who } from "../../core/text.js";
import { Time } from "../../core/time.js";
import { Standing } from "../../parts/mark.js";
import { say } from "../../parts/notices.js";
import { Section } from "../../parts/paper.js";
import { Rows } from "../../parts/rows.js";
import { take } from "./store.js";

const HASH = 12;

/** @param {{versions: any[]}} props */
export function Versions({ versions }) {
  const busy = useSignal(false);
  const fetched = (one) => async () => {
    busy.value = true;
    try {
      take((await get(`/api/icp/versions/${encodeURIComponent(one.model_hash)}`)).data.text);
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      say({ text: failed.sentence, kind: "failed" });
    }
    busy.value = false;
  };
  const act = (one) => html`<button type="button" class="small" disabled=${busy.value} aria-label=${`Take up ${line(one.model_id)}, hash ${one.model_hash.slice(0, HASH)}`} onClick=${fetched(one)}>Take up</button>`;
  return html`
    <${Section} title="Versions" note="Every one that was activated stays in the log with its whole file.">
      ${versions.length
        ? html`<${Rows} label="Versions, the newest first" columns=${[...COLUMNS, { word: "Take up", kind: "acts", cell: act }]} rows=${versions} keyOf=${(one) => one.fact} />`
        : html`<p class="dim">Nothing was ever activated.</p>`}
    <//>
  `;
}

const COLUMNS = [
  { word: "Id", cell: (one) => html`${line(one.model_id)} <code class="dim">${one.model_hash.slice(0, HASH)}</code>` },
  { word: "Activated", cell: (one) => html`<${Time} at=${one.at} form="long" />` },
  { word: "By", cell: (one) => who(one.by) },
  { word: "Why", cell: (one) => line(one.reason) },
  { word: "Stands", cell: (one) => one.active && html`<${Standing} kind="good">in force<//>` },
];
