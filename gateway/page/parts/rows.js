// A table; on a narrow screen each row is a card whose values say what they are.
import { html } from "../vendor.js";

/**
 * @typedef {{word: string, cell: (row: any) => any, kind?: "" | "row" | "acts" | "long" | "close" | "note"}} Column `acts` has buttons and no word above it; a `close` one is not broken; a `note` needs none on a card.
 * @param {{label: string, columns: Column[], rows: any[], keyOf: (row: any) => string | number, scrolls?: boolean, tall?: boolean}} props The first column names the row;
 *   where it is `tall`, the long ones stand below the others as soon as the columns get narrow.
 */
export function Rows({ label, columns, rows, keyOf, scrolls = false, tall = false }) {
  const table = html`
    <table class=${tall ? "rows tall" : "rows"}>
      <caption class="unseen">${label}</caption>
      <thead>
        <tr>${columns.map((one) => html`<th key=${one.word} scope="col" class=${one.kind ?? ""}>${one.kind === "acts" ? html`<span class="unseen">${one.word}</span>` : one.word}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map((row) => html`
          <tr key=${keyOf(row)}>
            ${columns.map((one, index) => index === 0
              ? html`<th key=${one.word} scope="row" data-word=${one.kind === "row" ? one.word : null}>${one.cell(row)}</th>`
              : html`<td key=${one.word} class=${one.kind ?? ""} data-word=${one.kind === "acts" || one.kind === "note" ? null : one.word}><div class="cell">${one.cell(row)}</div></td>`)}
          </tr>
        `)}
      </tbody>
    </table>
  `;
  return scrolls ? html`<div class="rows-box" tabindex="0" role="group" aria-label=${label}>${table}</div>` : table;
}
