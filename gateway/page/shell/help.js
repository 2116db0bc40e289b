// All keys, on one sheet.
import { html } from "../vendor.js";
import { MOD } from "../core/keys.js";
import { Dialog } from "../parts/dialog.js";
import { PAGES } from "./pages.js";

const TRIAGE = [
  ["j k", "next, previous"],
  ["Enter", "open the letter"],
  ["a", "approve"],
  ["e", "edit"],
  ["r", "reject, with a tag and a reason"],
  ["c", "ask for changes"],
  ["s", "later"],
  ["m", "comment"],
  ["u", "undo the last approval"],
];
const MANY = [
  ["x", "mark for many"],
  ["Shift+A", "approve the marked; the list is shown first"],
  ["Shift+R", "reject the marked; the list is shown first"],
];
const FIND = [
  ["/", "search"],
  ["f", "filters"],
  ["h", "history of the letter"],
  ["w", "what led to the letter, as a drawing"],
];
const ANYWHERE = [
  ["?", "these keys"],
  ["Esc", "back"],
  [`${MOD}+Enter`, "save what you are writing"],
  ["Alt+O", "while editing: the original"],
];

/** @param {{onClose: () => void}} props */
export function Help({ onClose }) {
  const pages = PAGES.map((one) => [`g ${one.key}`, `go to ${one.word}`]);
  return html`
    <${Dialog} title="Keys" onClose=${onClose} wide>
      <div class="sheets">
        <${Sheet} title="Decide" rows=${TRIAGE} />
        <${Sheet} title="Many at once" rows=${MANY} />
        <${Sheet} title="Find" rows=${FIND} />
        ${PAGES.filter((one) => one.path !== "/" && one.keys).map((one) => html`<${Sheet} key=${one.path} title=${one.word} rows=${one.keys} />`)}
        <${Sheet} title="Anywhere" rows=${[...ANYWHERE, ...pages]} />
      </div>
      <p class="dim">No key acts while you type in a field.</p>
    <//>
  `;
}

function Sheet({ title, rows }) {
  return html`
    <section>
      <h3>${title}</h3>
      <dl class="keys">
        ${rows.map(([keys, what]) => html`<div key=${keys}><dt>${keys.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${what}</dd></div>`)}
      </dl>
    </section>
  `;
}
