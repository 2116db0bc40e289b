// A new token: what it is for, what it may, for how long; then its text, once.
import { html, useSignal } from "../vendor.js";
import { command, newKey } from "../core/api.js";
import { PERMISSIONS } from "../core/rights.js";
import { session } from "../core/session.js";
import { dayAndClock } from "../core/time.js";
import { Copied } from "../parts/copied.js";
import { Dialog } from "../parts/dialog.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../parts/field.js";
import { mine } from "./mine.js";

const DAYS = 90;
const DAYS_MAX = 366;

/** @param {{onClose: () => void}} props */
export function NewToken({ onClose }) {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const made = useSignal(null);
  const key = useSignal(newKey());
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const days = Number(said.get("days"));
    if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) {
      wrong.value = { field: "days", text: `Use a whole number from 1 to ${DAYS_MAX}.` };
      form.elements.days.focus();
      return;
    }
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    try {
      const { data } = await command("/api/tokens", { label: String(said.get("label")).trim(), scopes: said.getAll("scope"), days }, { key: key.value });
      made.value = data;
      mine.load();
    } catch (failed) {
      wrong.value = wrongOf(failed, ["label", "days"]);
      if (!failed.away) key.value = newKey();
      form.elements[wrong.value.field]?.focus();
    }
    busy.value = false;
  };
  if (made.value) {
    return html`
      <${Dialog} key="made" title="Your new token" onClose=${onClose}>
        <p>This is the only time it is shown. Keep it where you keep passwords; whoever has it acts as you until ${dayAndClock(made.value.expires_at)}.</p>
        <${Copied} label="The token" text=${made.value.token} first />
        <div class="row"><button type="button" onClick=${onClose}>I have kept it</button></div>
      <//>
    `;
  }
  return html`
    <${Dialog} key="making" title="New token" onClose=${onClose}>
      <form class="stack" onSubmit=${onSubmit} noValidate>
        <${Field} label="What it is for" name="label" hint="You see this in the list, and others in the audit." wrong=${wrong.value} maxlength="64" autocomplete="off" data-first />
        <${Field} label="How many days it lives" name="days" type="number" min="1" max=${DAYS_MAX} step="1" inputmode="numeric" defaultValue=${DAYS} wrong=${wrong.value} />
        <fieldset class="choices">
          <legend>What it may; without a choice all that you may, now and later</legend>
          ${(session.value.permissions ?? []).map((one) => html`<label key=${one} class="check"><input type="checkbox" name="scope" value=${one} /> ${PERMISSIONS[one] ?? one}</label>`)}
        </fieldset>
        <${FormWrong} wrong=${wrong.value} />
        <div class="row">
          <button class="main" disabled=${busy.value}>Make the token</button>
          <button type="button" class="quiet" onClick=${onClose}>Cancel</button>
        </div>
      </form>
    <//>
  `;
}
