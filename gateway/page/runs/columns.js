// The columns of a file, and what each is taken for; a select for each, and what a name nearly says.
import { html, useSignal } from "../vendor.js";
import { line } from "../core/text.js";
import { Mark } from "../parts/mark.js";
import { Rows } from "../parts/rows.js";
import { Doubts } from "./doubts.js";
import { Kept } from "./kept.js";
import { fieldInside, fieldWords } from "./words.js";

/** @param {{found: any, onMap: (mapping: Record<string, string>) => Promise<void>}} props */
export function Columns({ found, onMap }) {
  const busy = useSignal(false);
  const sharing = (field) => found.columns.filter((one) => one.field === field).length;
  const map = async (column, field) => {
    busy.value = true;
    await onMap(mappingWith(found, column, field));
    busy.value = false;
  };
  const columns = [
    { word: "Column in the file", cell: (one) => html`<span class="column-name">${line(one.column) || "(no name)"}</span>` },
    {
      word: "Taken as",
      kind: "long",
      cell: (one) => html`
        <select aria-label=${`What ${line(one.column)} is taken as`} value=${one.field ?? ""} disabled=${busy.value} onChange=${(event) => map(one, event.currentTarget.value)}>
          <option value="" disabled=${sharing(one.field) > 1}>nothing is taken from it</option>
          ${found.fields.map((field) => html`<option key=${field} value=${field}>${fieldWords(field)}</option>`)}
        </select>
      `,
    },
    { word: "Because", kind: "note", cell: (one) => one.field && html`<span class="dim">${why(one, sharing)}</span>` },
  ];
  return html`
    ${found.missing.length > 0 && html`
      <p class="said warn" role="alert"><${Mark} kind="warn" /> <span class="said-words">No row can be a lead yet. Say which column holds ${lacking(found.missing)}.</span></p>
    `}
    ${!found.missing.length && sharing("email") === 0 && html`
      <p class="said warn"><${Mark} kind="warn" /> <span class="said-words">No column gives an e-mail address. These can be leads, but nothing can be written to them.</span></p>
    `}
    <${Doubts} doubts=${found.doubts} busy=${busy.value} onTake=${map} />
    <${Rows} label="Columns of the file" columns=${columns} rows=${found.columns.map((one, index) => ({ ...one, index }))} keyOf=${(one) => one.index} />
    ${found.near.length > 0 && html`
      <div class="chips" role="group" aria-label="What names nearly say">
        ${found.near.map((one) => html`<button type="button" key=${one.column} class="chip" disabled=${busy.value} onClick=${() => map(one, one.field)}>Take ${line(one.column)} as ${fieldInside(one.field)}</button>`)}
      </div>
    `}
    <${Kept} found=${found} onMap=${onMap} />
    <p class="unseen" role="status">${busy.value ? "Reading the rows again" : ""}</p>
  `;
}

const lacking = (fields) => (fields.includes("email") ? "the e-mail address, or the name and the company" : fields.map(fieldInside).join(" and "));

function why({ field, how }, sharing) {
  if (sharing(field) > 1) return `one of ${sharing(field)} columns for it: the first that is filled counts`;
  return how === "mapping" ? "you said so" : "its name says so";
}

/**
 * What is said about columns once one more is changed. A field of its own for each; an empty column takes a field from none.
 * @param {{mapping: Record<string, string>, columns: {column: string, field: string | null}[]}} found
 * @param {{column: string, field: string | null}} column
 * @param {string} field Empty for none.
 */
export function mappingWith({ mapping, columns }, { column }, field) {
  const before = columns.find((one) => one.column === column)?.field;
  const rest = Object.fromEntries(Object.entries(mapping).filter(([known, taken]) => taken !== column && known !== field));
  if (field) return { ...rest, [field]: column };
  return before && mapping[before] !== column ? { ...rest, [before]: "" } : rest;
}
