// The runs, one a row: what each works through, how it stands, its rows, and how far each stage is.
import { html, useEffect } from "../vendor.js";
import { campaignChoices, loadCampaigns } from "../core/campaigns.js";
import { listen } from "../core/keys.js";
import { useLoaded } from "../core/loaded.js";
import { follow } from "../core/router.js";
import { may } from "../core/session.js";
import { counted, who } from "../core/text.js";
import { Time } from "../core/time.js";
import { MODES, themeOf } from "../core/words.js";
import { whenTold } from "../core/told.js";
import { Filters, unfoldFilters } from "../parts/filters.js";
import { Standing } from "../parts/mark.js";
import { Rows } from "../parts/rows.js";
import { Paper } from "../parts/paper.js";
import { State } from "../parts/state.js";
import { Bones, NotYours, Stale, Trouble } from "../parts/trouble.js";
import { Bring } from "./bring.js";
import { ask, campaign, file, list, loadMore, more, readAddress } from "./store.js";
import { Strip } from "./strip.js";
import { nameOf, OVER, ROWS, STATUS } from "./words.js";

export function List() {
  useEffect(readAddress, []);
  useLoaded(list);
  useEffect(() => {
    loadCampaigns();
    return listen({ f: unfold });
  }, []);
  useEffect(() => whenTold((fact) => fact.type.startsWith("run."), (facts) => list.load(facts.at(-1).position), { categories: ["run"] }), []);
  const runs = list.data.value;
  const filters = runs && (campaign.value || (runs.length > 0 && campaignChoices.value.length > 0));
  const start = may("run") && (campaign.value || runs?.length > 0) && html`<a class="act main" href="/runs/new" onClick=${follow}>New run</a>`;
  return html`
    <${Paper} title="Runs" actions=${start} wide>
      <${Stale} view=${list} />
      ${filters && html`<${Filters} chosen=${{ campaign: campaign.value }} fields=${[{ name: "campaign", label: "campaign", choices: campaignChoices.value }]} onAsk=${ask} csv=${file()} file="runs.csv" />`}
      ${runs
        ? runs.length
          ? html`
              <${Rows} tall label="Runs, the newest first" columns=${COLUMNS} rows=${runs} keyOf=${(run) => run.run_id} />
              ${more.value && html`<button type="button" onClick=${loadMore}>Show older runs</button>`}
            `
          : campaign.value
            ? html`
                <${State} title="No run of this campaign" mark="filter">
                  <p>None was asked for it, and no lead of any was routed there.</p>
                  <button type="button" class="main" onClick=${() => ask({ campaign: "" })}>Show all runs</button>
                <//>
              `
            : html`<${None} />`
        : list.problem.value
          ? html`<${Trouble} problem=${list.problem.value} what="The runs" onAgain=${() => list.load()} />`
          : html`<${Bones} words="Loading the runs" />`}
    <//>
  `;
}

function unfold(event) {
  event.preventDefault();
  unfoldFilters();
}

const COLUMNS = [
  {
    word: "Run",
    cell: (run) => html`
      <a class="run-name" href=${`/runs/${encodeURIComponent(run.run_id)}`} onClick=${follow}>${nameOf(run)}</a>
      <span class="dim small run-when">${run.started_at && html`<${Time} at=${run.started_at} form="long" />`} · ${who(run.asked_by)} · ${MODES[run.terms?.mode] ?? ""}${run.terms?.campaign ? ` · ${themeOf(run.terms.campaign)}` : ""}</span>
    `,
  },
  { word: "Status", cell: (run) => html`<${Standing} kind=${STATUS[run.status]?.kind ?? "none"}>${STATUS[run.status]?.word ?? run.status}<//>` },
  { word: "Rows", cell: (run) => html`<${RowWords} run=${run} />` },
  { word: "Stages", kind: "long", cell: (run) => html`<${Strip} run=${run} />` },
];

/** How the rows ended, as far as they were read. */
export function RowWords({ run }) {
  const { rows = 0, ...ends } = run.rows;
  if (!rows) return html`<span class="dim">${OVER.has(run.status) ? "none read" : run.file_rows ? `${counted(run.file_rows, "row")} to read` : "none read yet"}</span>`;
  const parts = Object.keys(ROWS).filter((name) => ends[name] > 0).map((name) => `${ends[name].toLocaleString()} ${ROWS[name].word}`);
  return html`<span><strong>${rows.toLocaleString()}</strong><span class="dim row-words"> ${parts.join(", ")}</span></span>`;
}

function None() {
  if (!may("run")) {
    return html`
      <${State} title="No run yet" mark="tray">
        <p>A run takes a list of people and writes a draft for each who fits.</p>
        <${NotYours} permission="run" what="start one" />
      <//>
    `;
  }
  return html`
    <section class="first-run">
      <h2>Your list, your first draft</h2>
      <p class="section-note">Bring people you want to write to. You see what comes of each row before anything starts, and nothing is sent that nobody approved.</p>
      <${Bring} />
      <p>No list at hand? <a href="/runs/new" onClick=${follow}>Try it with invented people</a>.</p>
    </section>
  `;
}
