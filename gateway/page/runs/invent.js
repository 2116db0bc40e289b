// A run over invented people: a source, how many, go.
import { html, useSignal } from "../vendor.js";
import { command, newKey } from "../core/api.js";
import { go } from "../core/router.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../parts/field.js";
import { say } from "../parts/notices.js";
import { Campaign } from "./campaign.js";
import { just } from "./store.js";
import { SOURCES } from "./words.js";

const MANY = 5;
const MOST = 20;

export function Invent() {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const key = useSignal(newKey());
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const limit = Number(said.get("limit"));
    if (!Number.isInteger(limit)) {
      wrong.value = { field: "limit", text: `Use a whole number from 1 to ${MOST}.` };
      form.elements.limit.focus();
      return;
    }
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    try {
      const { data, position } = await command("/api/runs", { source: said.get("source"), limit, mode: "sandbox", campaign: String(said.get("campaign") ?? "") }, { key: key.value });
      just.position = position;
      say({ text: "Started. Nothing of it can ever be sent." });
      go(`/runs/${data.run_id}`);
    } catch (failed) {
      wrong.value = wrongOf(failed, ["source", "limit", "campaign"]);
      if (!failed.away && failed.status !== 503) key.value = newKey();
      form.elements[wrong.value.field]?.focus();
    }
    busy.value = false;
  };
  return html`
    <form class="invent" onSubmit=${onSubmit} noValidate>
      <${Field} as="select" label="Where they come from" name="source" wrong=${wrong.value}>
        ${Object.entries(SOURCES).map(([source, word]) => html`<option key=${source} value=${source} selected=${source === "default"}>${word}</option>`)}
      <//>
      <${Field} label=${`How many, at most ${MOST}`} name="limit" type="number" min="1" max=${MOST} step="1" inputmode="numeric" defaultValue=${MANY} wrong=${wrong.value} />
      <${Campaign} wrong=${wrong.value} />
      <button disabled=${busy.value}>${busy.value ? "Starting …" : "Invent them"}</button>
      <${FormWrong} wrong=${wrong.value} />
    </form>
  `;
}
