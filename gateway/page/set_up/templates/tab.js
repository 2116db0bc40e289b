// The templates: which angles there are in each language, own or shipped, what is wrong with the own ones, and how one reads.
import { html, useEffect } from "../../vendor.js";
import { useLoaded } from "../../core/loaded.js";
import { may } from "../../core/session.js";
import { counted, line } from "../../core/text.js";
import { themeOf, TIERS } from "../../core/words.js";
import { Standing } from "../../parts/mark.js";
import { Section } from "../../parts/paper.js";
import { Rows } from "../../parts/rows.js";
import { Bones, NotYours, Stale, Trouble } from "../../parts/trouble.js";
import { LANGUAGES } from "../offer/used.js";
import { Problems } from "./problems.js";
import { Read } from "./read.js";
import { angle, language, view } from "./store.js";
import { needWords } from "./words.js";

export function Templates() {
  useLoaded(view);
  useEffect(() => {
    language.value = "";
    angle.value = "";
  }, []);
  const known = view.data.value;
  if (!known) {
    return html`
      <${Section} title="The angles">
        ${view.problem.value ? html`<${Trouble} problem=${view.problem.value} what="The templates" onAgain=${view.load} />` : html`<${Bones} words="Loading the templates" />`}
      <//>
    `;
  }
  const chosen = language.value || known.language;
  const rows = known.templates.filter((one) => one.language === chosen);
  const own = rows.filter((one) => one.own).length;
  const again = html`<button type="button" onClick=${() => view.load()}>Look again</button>`;
  return html`
    <${Stale} view=${view} />
    ${known.problems.length > 0 && html`<${Problems} problems=${known.problems} />`}
    <${Section} title="The angles" note=${known.folder ? html`Your own texts lie in the folder <code>${line(known.folder)}</code>, and stand in place of the shipped ones or beside them.` : NO_FOLDER} actions=${again}>
      <div class="switch" role="group" aria-label="Language">
        ${known.languages.map((one) => html`<button key=${one} type="button" aria-pressed=${one === chosen} onClick=${() => (language.value = one)}>${LANGUAGES[one] ?? line(one)}${one === known.language && html` <span class="dim">· the offer's</span>`}</button>`)}
      </div>
      <p class="dim" role="status">${counted(rows.length, "angle")} in ${LANGUAGES[chosen] ?? line(chosen)}, ${own ? `${own} of them your own` : "all of them shipped"}.</p>
      <${Rows} tall label="Angles" columns=${[...COLUMNS, { word: "Read it", kind: "acts", cell: reads }]} rows=${rows} keyOf=${(one) => one.angle} />
    <//>
    <${Section} title="As a lead would get it" note="Nothing is written or sent, and no draft changes. That you read it is recorded, as with a letter.">
      ${may("read_personal") ? html`<${Read} rows=${rows} chosen=${chosen} />` : html`<${NotYours} permission="read_personal" what="read letters" />`}
    <//>
  `;
}

const NO_FOLDER = html`No folder of your own is set; the shipped ones are in use. <code>swarm templates copy ANGLE</code> begins one.`;

function read(one) {
  angle.value = one.angle;
  document.querySelector(".reads [type=search]")?.focus();
}

const reads = (one) => may("read_personal") && html`<button type="button" class="small" aria-label=${`Read for a lead: ${themeOf(one.angle)}`} onClick=${() => read(one)}>Read for a lead</button>`;

const COLUMNS = [
  { word: "Angle", cell: (one) => html`${themeOf(one.angle)}<span class="under dim">${line(one.angle)}</span>` },
  { word: "Whose", cell: (one) => (one.own ? html`<${Standing} kind="good">own<//><span class="under dim">${line(one.file)}</span>` : "shipped") },
  { word: "For", cell: (one) => one.tiers.map((tier) => TIERS[tier] ?? tier).join(", ") },
  { word: "Needs", cell: (one) => one.needs.map(needWords).join(", ") || html`<span class="dim">nothing more</span>` },
  { word: "Openers", cell: (one) => one.openers.toLocaleString() },
];
