// The campaigns: whom each is for, who writes, with which angles, and what keeps one from being used.
import { html } from "../../vendor.js";
import { audienceOf } from "../../core/campaigns.js";
import { counted, line } from "../../core/text.js";
import { themeOf } from "../../core/words.js";
import { Standing } from "../../parts/mark.js";
import { Section } from "../../parts/paper.js";
import { Rows } from "../../parts/rows.js";
import { Gaps } from "./gaps.js";
import { LANGUAGES } from "./used.js";

/** @param {{campaigns: any[]}} props */
export function Campaigns({ campaigns }) {
  const broken = campaigns.filter((one) => one.missing.length > 0);
  return html`
    <${Section} title="Campaigns" note="Each is a file of its own: whom it is for, in whose words, with which angles. A run names one.">
      ${campaigns.length
        ? html`<${Rows} tall label="Campaigns" columns=${COLUMNS} rows=${campaigns} keyOf=${(one) => one.name} />`
        : html`<p class="dim">There is no campaign. To have one, put <code>campaigns = "campaigns"</code> into <code>swarm.toml</code>, and <code>NAME.toml</code> into that folder.</p>`}
      ${broken.map((one) => html`
        <h3 key=${one.name}>What is missing for ${line(one.name)}</h3>
        <${Gaps} key=${`${one.name} gaps`} label=${`What is missing for ${line(one.name)}`} gaps=${one.missing} />
      `)}
    <//>
  `;
}

const COLUMNS = [
  { word: "Campaign", cell: (one) => html`<strong>${line(one.name)}</strong>` },
  { word: "For", cell: (one) => audienceOf(one.audience) },
  { word: "Who writes", cell: (one) => one.offer_hash && html`${line(one.sender)}, ${line(one.company)}<span class="under dim">in ${LANGUAGES[one.language] ?? line(one.language)}</span>` },
  { word: "Angles", cell: (one) => one.angles.map(themeOf).join(", ") || "all" },
  { word: "Stands", cell: (one) => (one.missing.length ? html`<${Standing} kind="warn">${counted(one.missing.length, "thing")} missing<//>` : html`<${Standing} kind="good">can be used<//>`) },
];
