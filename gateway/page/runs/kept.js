// What was said of columns before, kept by name: offered again for a file with the same columns, and kept from here.
import { html, useSignal } from "../vendor.js";
import { command, Problem } from "../core/api.js";
import { line, who } from "../core/text.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../parts/field.js";
import { say } from "../parts/notices.js";
import { fieldWords } from "./words.js";

/** @param {{found: any, onMap: (mapping: Record<string, string>) => Promise<void>}} props */
export function Kept({ found, onMap }) {
  const { kept, mapping } = found;
  const busy = useSignal(false);
  const forget = async ({ name }) => {
    busy.value = true;
    try {
      await command(`/api/mappings/${encodeURIComponent(name)}`, undefined, { method: "DELETE" });
      say({ text: `Forgotten: ${line(name)}. This file is read as before.` });
      await onMap(mapping);
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      say({ text: failed.sentence, kind: "failed" });
    }
    busy.value = false;
  };
  const take = async (one) => {
    busy.value = true;
    await onMap(one.mapping);
    busy.value = false;
  };
  return html`
    ${kept.length > 0 && html`
      <h3>Kept for these columns</h3>
      <ul class="kept">
        ${kept.map((one) => html`
          <li key=${one.name}>
            <button type="button" class="chip" aria-pressed=${same(one.mapping, mapping)} disabled=${busy.value} onClick=${() => take(one)}>Take them as in ${line(one.name)}</button>
            <span class="dim">${takesOf(one.mapping)}; kept by ${who(one.by)}</span>
            <button type="button" class="quiet small" disabled=${busy.value} onClick=${() => forget(one)}>Forget<span class="unseen"> ${line(one.name)}</span></button>
          </li>
        `)}
      </ul>
    `}
    ${Object.keys(mapping).length > 0 && !kept.some((one) => same(one.mapping, mapping)) && html`<${Keep} found=${found} onKept=${() => onMap(mapping)} />`}
  `;
}

/** What is taken from where. @param {Record<string, string>} mapping */
const takesOf = (mapping) => Object.entries(mapping).map(([field, column]) => `${fieldWords(field)} from ${line(column) || "none"}`).join(", ");

/** Keep what was said of the columns of this file. */
function Keep({ found, onKept }) {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const onSubmit = async (event) => {
    event.preventDefault();
    const { name: field } = event.currentTarget.elements;
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    try {
      const header = found.columns.map((one) => one.column);
      const { data } = await command("/api/mappings", { name: field.value.trim(), header, mapping: found.mapping });
      say({ text: `Kept: ${line(data.name)}. It is offered for each file with these columns.` });
      await onKept();
    } catch (failed) {
      wrong.value = wrongOf(failed, ["name"]);
      if (wrong.value.field) field.focus();
    }
    busy.value = false;
  };
  return html`
    <form class="keep stack" onSubmit=${onSubmit} noValidate>
      <${Field} label="Keep what you said of the columns under a name" name="name" hint="Such as crm-export: small letters, digits, dots, dashes and underscores." wrong=${wrong.value} maxlength="40" autocomplete="off" autocapitalize="none" spellcheck="false" />
      <div class="row"><button disabled=${busy.value}>${busy.value ? "Keeping …" : "Keep it"}</button></div>
      <${FormWrong} wrong=${wrong.value} />
    </form>
  `;
}

const sorted = (mapping) => JSON.stringify(Object.entries(mapping).sort());
const same = (one, other) => sorted(one) === sorted(other);
