// What keeps a file from being used, each by its key, with what mends it.
import { html } from "../../vendor.js";
import { line } from "../../core/text.js";
import { Rows } from "../../parts/rows.js";

/** @param {{label: string, gaps: {key: string, why: string, remedy: string}[]}} props */
export const Gaps = ({ label, gaps }) => html`<${Rows} label=${label} columns=${COLUMNS} rows=${gaps.map((one, index) => ({ ...one, index }))} keyOf=${(one) => one.index} />`;

const COLUMNS = [
  { word: "Key", cell: ({ key }) => (key ? html`<code>${line(key)}</code>` : "the whole file") },
  { word: "What is wrong", cell: ({ why }) => line(why) },
  { word: "What mends it", cell: ({ remedy }) => line(remedy) },
];
