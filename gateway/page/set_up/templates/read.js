// How an angle reads for one lead, found by a search: the letter, what it says of them, and what the checks say of it.
import { html, useEffect, useSignal } from "../../vendor.js";
import { get, Problem } from "../../core/api.js";
import { plain } from "../../core/text.js";
import { themeOf } from "../../core/words.js";
import { Field } from "../../parts/field.js";
import { FindLead } from "./find_lead.js";
import { Letter } from "./letter.js";
import { angle, nameOf } from "./store.js";

/** @param {{rows: any[], chosen: string}} props The angles of the language that is looked at, and its code. */
export function Read({ rows, chosen }) {
  const lead = useSignal(null);
  const opener = useSignal("");
  const found = useSignal(null);
  const problem = useSignal("");
  const busy = useSignal(false);
  const row = rows.find((one) => one.angle === angle.value) ?? rows[0];
  useEffect(() => {
    let late = false;
    const ask = async () => {
      busy.value = true;
      problem.value = "";
      try {
        const { data } = await get(`/api/templates/${encodeURIComponent(row.angle)}/preview`, { lead: lead.value.id, language: chosen, opener: opener.value });
        if (!late) found.value = data;
      } catch (failed) {
        if (!(failed instanceof Problem)) throw failed;
        if (!late) problem.value = plain(failed.sentence);
      }
      if (!late) busy.value = false;
    };
    found.value = null;
    if (lead.value && row) ask();
    return () => {
      late = true;
    };
  }, [lead.value?.id, row?.angle, chosen, opener.value]);
  if (!row) return html`<p class="dim">There is no angle in this language.</p>`;
  const choose = (event) => {
    angle.value = event.currentTarget.value;
    opener.value = "";
  };
  return html`
    <div class="reads">
      <${FindLead} chosen=${lead.value} onChoose=${(one) => (lead.value = one)} />
      <${Field} as="select" label="Angle" name="angle" value=${row.angle} onChange=${choose}>
        ${rows.map((one) => html`<option key=${one.angle} value=${one.angle}>${themeOf(one.angle)}</option>`)}
      <//>
      <${Field} as="select" label="Opener" name="opener" value=${opener.value} onChange=${(event) => (opener.value = event.currentTarget.value)}>
        <option value="">the first that fits</option>
        ${Array.from({ length: row.openers }, (_, index) => html`<option key=${index} value=${index + 1}>${index + 1} of ${row.openers}</option>`)}
      <//>
    </div>
    <p class="unseen" role="status">${busy.value ? "Writing it" : found.value ? `The letter to ${nameOf(lead.value)} is there` : ""}</p>
    <p class="form-problem" role="alert">${problem.value}</p>
    ${found.value && html`<${Letter} letter=${found.value} />`}
  `;
}
