// The last step: whether these are real people, how many rows, and go.
import { html, useSignal } from "../vendor.js";
import { command, newKey } from "../core/api.js";
import { go } from "../core/router.js";
import { session } from "../core/session.js";
import { counted, line } from "../core/text.js";
import { TIERS } from "../core/words.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../parts/field.js";
import { say } from "../parts/notices.js";
import { Campaign } from "./campaign.js";
import { just } from "./store.js";

const STORED_WITHIN_MS = 70_000;
const FIELDS = ["mode", "limit", "confirm", "segment", "draft", "file", "campaign"];

/** @param {{found: any, path: string}} props */
export function Start({ found, path }) {
  const mode = useSignal(found.sample_file ? "staging" : "");
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const key = useSignal(newKey());
  const { namespace, phase } = session.value;
  const ready = found.counts.sourced + found.counts.updated;
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const limit = String(said.get("limit") ?? "").trim();
    const missed = missing(mode.value, limit);
    if (missed) {
      wrong.value = missed;
      focusOn(form, missed.field);
      return;
    }
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    const body = {
      mode: mode.value,
      limit: limit ? Number(limit) : null,
      segment: String(said.get("segment") ?? ""),
      draft: said.getAll("draft").map(String),
      campaign: String(said.get("campaign") ?? ""),
      synthetic: mode.value === "staging",
      confirm: String(said.get("confirm") ?? "").trim(),
    };
    try {
      const { data, position } = await command(`${path}/run`, body, { key: key.value, withinMs: STORED_WITHIN_MS });
      just.position = position;
      say({ text: `Started: ${line(found.name)}.` });
      go(`/runs/${data.run_id}`);
    } catch (failed) {
      wrong.value = wrongOf(failed, FIELDS);
      if (!failed.away && failed.status !== 503) key.value = newKey();
      if (wrong.value.field) focusOn(form, wrong.value.field);
    }
    busy.value = false;
  };
  const choose = (event) => {
    mode.value = event.currentTarget.value;
    wrong.value = NOTHING_WRONG;
  };
  const wrongMode = ["mode", "file"].includes(wrong.value.field) ? wrong.value.text : "";
  return html`
    <form class="start stack" onSubmit=${onSubmit} noValidate>
      <fieldset class="modes" aria-describedby="mode-wrong">
        <legend>Who are these people?</legend>
        <label class="pick mode">
          <input type="radio" name="mode" value="staging" checked=${mode.value === "staging"} onChange=${choose} />
          <span><strong>Invented: a trial</strong><span class="dim">The file holds test data${found.sample_file ? "; it is the sample that comes with the swarm" : ", and you say so"}. Everything works as for real and drafts come to the queue, marked as invented. Nothing of it can ever be sent.</span></span>
        </label>
        <label class=${`pick mode ${found.sample_file ? "off" : ""}`}>
          <input type="radio" name="mode" value="production" checked=${mode.value === "production"} disabled=${found.sample_file} onChange=${choose} />
          <span><strong>Real: production</strong><span class="dim">${found.sample_file ? "Not with the sample: its people are invented." : `You may write to them. Each draft waits until a person approves it. ${phase === "shadow" ? "The phase is shadow, so even then nothing leaves this machine." : "What is approved goes out as the phase allows."}`}</span></span>
        </label>
      </fieldset>
      <p class="form-problem" id="mode-wrong" role="alert">${wrongMode}</p>
      ${mode.value === "production" && html`
        <${Field} label=${html`To confirm that these are the right people, type the name of this namespace: <code>${line(namespace)}</code>`} name="confirm" wrong=${wrong.value} autocomplete="off" autocapitalize="none" spellcheck="false" />
      `}
      <${Campaign} wrong=${wrong.value} />
      <details class="start-more">
        <summary>Limits and tiers</summary>
        <div class="stack">
          <${Field} label="Only the first rows" name="limit" type="number" min="1" step="1" inputmode="numeric" hint=${`How many; empty takes all ${found.rows.toLocaleString()}.`} wrong=${wrong.value} />
          <${Field} as="select" label="Write to" name="segment" wrong=${wrong.value}>
            <option value="">tiers 1 to 3</option>
            ${["tier_1", "tier_2", "tier_3", "tier_4"].map((tier) => html`<option key=${tier} value=${tier}>${TIERS[tier]} alone</option>`)}
          <//>
          <fieldset>
            <legend>Write also to</legend>
            <label class="check"><input type="checkbox" name="draft" value="tier_4" /> tier 4: they fit little</label>
            <label class="check"><input type="checkbox" name="draft" value="needs_data" /> those of whom too little is known</label>
          </fieldset>
        </div>
      </details>
      <${FormWrong} wrong=${wrong.value} />
      <div class="row">
        <button class="main" disabled=${busy.value || !ready}>${busy.value ? "Starting …" : ready ? `Start with ${counted(ready, "lead")}` : "No row to start with"}</button>
        ${!ready && html`<span class="dim">${found.missing.length ? "First say what the columns mean." : "Every row is known already or refused."}</span>`}
      </div>
    </form>
  `;
}

/** @returns {import("../parts/field.js").Wrong | null} */
function missing(mode, limit) {
  if (!mode) return { field: "mode", text: "Say whether these people are invented or real." };
  if (limit && !/^[1-9]\d{0,8}$/.test(limit)) return { field: "limit", text: "Use a whole number, 1 or more, or leave it empty." };
  return null;
}

/** The field may lie in a part that is folded. */
function focusOn(form, name) {
  const field = form.querySelector(`[name="${name === "file" ? "mode" : name}"]`);
  const folded = field?.closest("details");
  if (folded) folded.open = true;
  field?.focus();
}
