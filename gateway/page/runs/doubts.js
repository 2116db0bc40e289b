// Columns whose values do not look like the field that is taken from them, each with the one step that mends it.
import { html } from "../vendor.js";
import { line } from "../core/text.js";
import { Mark } from "../parts/mark.js";
import { fieldInside, fieldWords } from "./words.js";

/** @param {{doubts: any[], busy: boolean, onTake: (column: {column: string}, field: string) => void}} props */
export function Doubts({ doubts, busy, onTake }) {
  return doubts.map((one) => html`
    <p key=${one.field} class="said warn" role="alert">
      <${Mark} kind="warn" />
      <span class="said-words"><strong>Look twice:</strong> ${inWords(one)} ${one.better ? `“${line(one.better)}” looks like it.` : "Say below which column it is."}</span>
      ${one.better && html`<button type="button" disabled=${busy} onClick=${() => onTake({ column: one.better }, one.field)}>Take ${line(one.better)} as ${fieldInside(one.field)}</button>`}
    </p>
  `);
}

/** The sentence names the field by its code first, and then the column. */
const inWords = ({ field, column, detail }) => line(detail).replace(`\`${field}\``, fieldWords(field)).replace(`\`${line(column)}\``, `“${line(column)}”`);
