// What is wrong with somebody's own texts: file and line, why, and what mends it. A broken one blocks its own drafts alone.
import { html } from "../../vendor.js";
import { counted, line } from "../../core/text.js";
import { themeOf } from "../../core/words.js";
import { Standing } from "../../parts/mark.js";
import { Section } from "../../parts/paper.js";
import { Rows } from "../../parts/rows.js";
import { LANGUAGES } from "../offer/used.js";

/** @param {{problems: any[]}} props */
export function Problems({ problems }) {
  const blocked = [...new Set(problems.filter((one) => one.blocks).map(nameOf))];
  return html`
    <${Section} title=${`${counted(problems.length, "fault")} in your own texts`} note="A broken text blocks the drafts that would be made of it, and no others.">
      ${blocked.length > 0 && html`<p class="said warn" role="status"><${Standing} kind="warn">Not written until mended:<//> ${blocked.join("; ")}.</p>`}
      <${Rows} label="Faults in your own texts" columns=${COLUMNS} rows=${problems.map((one, index) => ({ ...one, index }))} keyOf=${(one) => one.index} />
    <//>
  `;
}

const nameOf = ({ angle, language }) => [angle === "*" || !angle ? "all of it" : themeOf(angle), LANGUAGES[language] ?? line(language)].filter(Boolean).join(", ");

const COLUMNS = [
  { word: "File and line", cell: (one) => html`<code>${line(one.file)}:${one.line}</code>` },
  { word: "What is wrong", cell: (one) => html`${line(one.reason)}${one.blocks ? "" : html`<span class="under dim">It is written; the checks would stop some letters.</span>`}` },
  { word: "What mends it", cell: (one) => line(one.remedy) },
];
