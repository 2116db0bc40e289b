// Leave somebody alone: an address, or a domain with all that is below it, and why.
import { html, useSignal } from "../../vendor.js";
import { command, newKey } from "../../core/api.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../../parts/field.js";
import { say } from "../../parts/notices.js";
import { list } from "./store.js";
import { GONE_SOON, shortKey } from "./words.js";

export function Add() {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const key = useSignal(newKey());
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const who = String(said.get("who")).trim();
    if (!who) {
      wrong.value = { field: "who", text: "Give one address such as name@company.com, or one domain such as company.com." };
      form.elements.who.focus();
      return;
    }
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    try {
      const { data, position } = await command("/api/exclusions", { who, reason: String(said.get("reason")).trim() }, { key: key.value });
      say({ text: data.fact ? `Excluded (${shortKey(data.about)}): no draft from any source, and none that waits can be approved. ${GONE_SOON}` : "Excluded before; nothing changed." });
      form.reset();
      form.elements.who.focus();
      key.value = newKey();
      list.renew(position);
    } catch (failed) {
      wrong.value = wrongOf(failed, ["who", "reason"]);
      if (!failed.away && failed.status !== 503) key.value = newKey();
      form.elements[wrong.value.field]?.focus();
    }
    busy.value = false;
  };
  return html`
    <form class="alone-form" onSubmit=${onSubmit} noValidate>
      <${Field} label="Address or domain" name="who" hint="A domain covers everybody at it and below it." wrong=${wrong.value} maxlength="320" autocomplete="off" autocapitalize="none" spellcheck="false" />
      <${Field} label="Why; without naming them" name="reason" hint="Whoever looks at the list reads this." wrong=${wrong.value} maxlength="2000" autocomplete="off" />
      <button class="main" disabled=${busy.value}>Leave alone</button>
      <${FormWrong} wrong=${wrong.value} />
    </form>
  `;
}
