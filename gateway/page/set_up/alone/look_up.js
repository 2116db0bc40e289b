// Whether an address or a domain is left alone, and under which entries.
import { html, useSignal } from "../../vendor.js";
import { command } from "../../core/api.js";
import { line } from "../../core/text.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../../parts/field.js";
import { Standing } from "../../parts/mark.js";
import { from, shortKey } from "./words.js";

export function LookUp() {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const found = useSignal(null);
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    found.value = null;
    try {
      found.value = (await command("/api/exclusions/check", { who: form.elements.who.value.trim() })).data;
    } catch (failed) {
      wrong.value = wrongOf(failed, ["who"]);
      form.elements.who.focus();
    }
    busy.value = false;
  };
  return html`
    <form class="alone-form one" onSubmit=${onSubmit} noValidate>
      <${Field} label="Address or domain to look up" name="who" wrong=${wrong.value} maxlength="320" autocomplete="off" autocapitalize="none" spellcheck="false" onInput=${() => (found.value = null)} />
      <button disabled=${busy.value}>Look up</button>
      <${FormWrong} wrong=${wrong.value} />
    </form>
    <div role="status">${found.value && html`<${Answer} found=${found.value} />`}</div>
  `;
}

function Answer({ found }) {
  if (!found.excluded) return html`<p><${Standing} kind="none">Not excluded.<//></p>`;
  return html`
    <ul class="alone-by">
      ${found.by.map((one) => html`
        <li key=${one.key}><${Standing} kind="good">Excluded by its ${one.kind}<//> <span class="dim">(<code>${shortKey(one.key)}</code>, ${from(one.source)})</span>${one.reason && `: ${line(one.reason)}`}</li>
      `)}
    </ul>
  `;
}
