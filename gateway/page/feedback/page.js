// What people made of the drafts: how often each kind is approved, and the newest answers with their words.
import { html, useEffect } from "../vendor.js";
import { campaignChoices, loadCampaigns } from "../core/campaigns.js";
import { place } from "../core/feed.js";
import { listen } from "../core/keys.js";
import { follow } from "../core/router.js";
import { session } from "../core/session.js";
import { counted } from "../core/text.js";
import { whenTold } from "../core/told.js";
import { Failed, Old } from "../parts/failed.js";
import { unfoldFilters } from "../parts/filters.js";
import { State } from "../parts/state.js";
import { themeOf } from "../core/words.js";
import { Answers } from "./answers.js";
import { Chart } from "./chart.js";
import { answers, GROUPS, instead, loadAnswers, loadSummary, problem, readAddress, renewAnswers, summary, want, wanted } from "./store.js";

/** Summing up reads every e-mail, so it is done now and then. */
const COUNT_REST_MS = 1_000;

export function Feedback() {
  useEffect(() => {
    readAddress();
    summary.value = null;
    answers.forget();
    again();
    loadCampaigns();
    const about = (fact) => fact.type.startsWith("email.");
    const ends = [
      whenTold(about, () => loadSummary(place.value), { restMs: COUNT_REST_MS }),
      whenTold(about, (facts) => renewAnswers(place.value, new Set(facts.map((one) => one.about)))),
      listen({ f: unfold }),
    ];
    return () => ends.forEach((end) => end());
  }, [session.value.login]);
  useEffect(() => {
    document.title = "Feedback · Alpha Swarm";
  }, []);
  const known = summary.value;
  if (!known && problem.value) return html`<${Failed} alone what="The feedback" problem=${problem.value} again=${again} />`;
  return html`
    <div class="sheet feedback">
      <div class="sheet-scroll" tabindex="-1">
        <header class="sheet-head">
          <h1>Feedback</h1>
          <${Campaigns} />
          <${Switch} label="Whose drafts" value=${wanted.value.synthetic} choices=${{ "": "Real leads", true: "Sample data" }} onChoose=${(synthetic) => want({ synthetic })} />
        </header>
        <${Old} problem=${problem.value ?? answers.problem.value} again=${again} />
        <section class="fared" aria-labelledby="fared-title">
          <div class="fared-head">
            <h2 id="fared-title">${wanted.value.by === "tag" ? "Why drafts are rejected" : "How often drafts are approved"}</h2>
            <${Switch} label="Group by" value=${wanted.value.by} choices=${GROUPS} onChoose=${(by) => want({ by })} />
          </div>
          ${!known
            ? html`<div role="status"><span class="unseen">Loading the feedback</span><div class="bones fared-bones" aria-hidden="true"><i></i><i></i><i></i></div></div>`
            : known.rows.length
              ? html`<${Chart} summary=${known} />`
              : html`<${Nothing} />`}
        </section>
        ${known && (known.rows.length > 0 || answers.rows.value.length > 0) && html`<${Answers} />`}
      </div>
    </div>
  `;
}

function again() {
  loadSummary();
  loadAnswers();
}

function unfold(event) {
  event.preventDefault();
  unfoldFilters();
}

/** Of which campaign the drafts are, where there is any. */
function Campaigns() {
  const { campaign } = wanted.value;
  const all = campaignChoices.value;
  if (!all.length && !campaign) return null;
  const known = all.some(([code]) => code === campaign) || !campaign ? all : [...all, [campaign, themeOf(campaign)]];
  return html`
    <label class="of-campaign">Campaign
      <select value=${campaign} onChange=${(event) => want({ campaign: event.currentTarget.value })}>
        <option value="">any</option>
        ${known.map(([code, word]) => html`<option key=${code} value=${code}>${word}</option>`)}
      </select>
    </label>
  `;
}

/** A few choices of which one holds. */
function Switch({ label, value, choices, onChoose }) {
  return html`
    <div class="switch" role="group" aria-label=${label}>
      ${Object.entries(choices).map(([one, word]) => html`<button key=${one} type="button" aria-pressed=${one === value} onClick=${() => onChoose(one)}>${word}</button>`)}
    </div>
  `;
}

function Nothing() {
  const sample = wanted.value.synthetic === "true";
  const { waiting, elsewhere } = instead.value;
  if (waiting > 0 && wanted.value.by === "tag") {
    return html`<${State} title="Nothing was rejected yet" mark="done"><p>Each rejection carries a tag that says why. They are counted here.</p><//>`;
  }
  if (waiting > 0) {
    return html`
      <${State} title="Nobody has answered a draft yet" mark="tray">
        <p>${counted(waiting, "draft waits", "drafts wait")}. Approve, reject or edit one in the queue, and it stands here with what was said.</p>
        <a class="act main" href="/" onClick=${follow}>Go to the queue</a>
      <//>
    `;
  }
  if (elsewhere > 0) {
    return html`
      <${State} title=${sample ? "No draft for sample data" : "No draft for a real lead yet"} mark="tray">
        <p>${sample ? "There are drafts for real leads." : "There are drafts for sample data, which say nothing of real people."}</p>
        <button type="button" class="main" onClick=${() => want({ synthetic: sample ? "" : "true" })}>Show ${sample ? "real leads" : "sample data"}</button>
      <//>
    `;
  }
  if (wanted.value.campaign) {
    return html`
      <${State} title="No draft of this campaign" mark="filter">
        <p>Nothing was drafted in it yet. A run can be started for it.</p>
        <button type="button" class="main" onClick=${() => want({ campaign: "" })}>Show all campaigns</button>
      <//>
    `;
  }
  return html`
    <${State} title="No draft yet" mark="tray">
      <p>What reviewers say of drafts is summed up here, and the next drafts learn from it. Drafts come from a run.</p>
      <a class="act main" href="/runs/new" onClick=${follow}>Start a run</a>
    <//>
  `;
}
