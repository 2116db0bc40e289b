// One run: how it stands and why, how far each stage is, what its rows became, and what can be done about it.
import { html, useEffect, useMemo, useSignal } from "../vendor.js";
import { get } from "../core/api.js";
import { loaded, useLoaded } from "../core/loaded.js";
import { follow, go } from "../core/router.js";
import { may } from "../core/session.js";
import { counted, line, who, words } from "../core/text.js";
import { Time } from "../core/time.js";
import { MODES, themeOf, TIERS } from "../core/words.js";
import { whenTold } from "../core/told.js";
import { Standing } from "../parts/mark.js";
import { Section, Paper } from "../parts/paper.js";
import { State } from "../parts/state.js";
import { Bones, NotYours, Stale, Trouble } from "../parts/trouble.js";
import { ask, NO_FILTERS } from "../queue/store.js";
import { Acts } from "./acts.js";
import { Refusals } from "./refusals.js";
import { just } from "./store.js";
import { Strip } from "./strip.js";
import { AMONG, fieldWords, nameOf, OVER, ROWS, SOURCES, STATUS } from "./words.js";

/** @param {{runId: string}} props */
export function Run({ runId }) {
  const view = useMemo(() => loaded(async (after = just.position) => (await get(`/api/runs/${encodeURIComponent(runId)}`, { after })).data), [runId]);
  useLoaded(view, [runId]);
  useEffect(() => whenTold((fact) => fact.type.startsWith("run.") && fact.about === runId, (facts) => view.load(facts.at(-1).position), { categories: ["run"] }), [runId]);
  const back = html`<a href="/runs" onClick=${follow}>All runs</a>`;
  const run = view.data.value;
  if (run) return html`<${Known} run=${run} view=${view} back=${back} />`;
  const problem = view.problem.value;
  return html`
    <${Paper} title="Run" before=${back} wide>
      ${!problem
        ? html`<${Bones} words="Loading the run" />`
        : problem.status === 404
          ? html`<${State} title="There is no such run" mark="away"><p>Its address may be cut off. <a href="/runs" onClick=${follow}>Look at those there are</a></p><//>`
          : html`<${Trouble} problem=${problem} what="The run" onAgain=${() => view.load()} />`}
    <//>
  `;
}

function Known({ run, view, back }) {
  const status = STATUS[run.status] ?? { kind: "none", word: run.status, means: "" };
  const changed = (position) => {
    just.position = position;
    view.load(position);
  };
  return html`
    <${Paper} title=${nameOf(run)} before=${back} actions=${may("run") && html`<${Acts} run=${run} onDone=${changed} />`} wide>
      <${Stale} view=${view} />
      <p class="run-standing" role="status">
        <${Standing} kind=${status.kind}>${status.word}<//>
        <span class="dim">${status.means}</span>
      </p>
      ${run.why && html`
        <div class=${`said ${run.status === "stopped" || run.status === "failed" ? "warn" : ""}`}>
          <p><strong>${line(run.why)}</strong></p>
          ${run.remedy && html`<p>${line(run.remedy)}</p>`}
          ${(run.status === "stopped" || run.status === "failed") && html`<a href="/health" onClick=${follow}>Look at what was given up</a>`}
        </div>
      `}
      <${Next} run=${run} />
      <${Section} title="Stages" note=${OVER.has(run.status) ? "" : "The numbers move by themselves."}>
        <${Strip} run=${run} large />
      <//>
      <${RowCounts} run=${run} />
      <${Outcomes} counts=${run.counts} />
      <${Terms} run=${run} />
      ${!may("run") && html`<${NotYours} permission="run" what="cancel, resume or withdraw it" />`}
    <//>
  `;
}

/** The one thing to do next about a run that is as it should be. */
function Next({ run }) {
  if (!run.waiting || run.status === "withdrawn") return null;
  const open = (event) => {
    event.preventDefault();
    ask({ ...NO_FILTERS, run_id: run.run_id });
    go("/");
  };
  return html`
    <div class="said next">
      <p><strong>${counted(run.waiting, "draft waits", "drafts wait")} for a person.</strong> ${may("decide") ? "" : "Reviewers answer them."}</p>
      <a class="act main" href="/" onClick=${open}>${may("decide") ? "Read and decide" : "Look at them"}</a>
    </div>
  `;
}

function RowCounts({ run }) {
  const refused = useSignal(false);
  const { rows = 0 } = run.rows;
  if (!rows) {
    return html`
      <${Section} title="Rows">
        <p class="dim">${run.status === "running" ? "None was read yet. They are counted here as the importer reads them." : "None was read."}${run.file_rows ? ` The file has ${counted(run.file_rows, "row")}.` : ""}</p>
      <//>
    `;
  }
  return html`
    <${Section} title="Rows" note=${`${counted(rows, "row")} read${run.file_rows && rows < run.file_rows ? ` of ${run.file_rows.toLocaleString()}` : ""}`}>
      <dl class="counts">
        ${Object.entries(ROWS).filter(([name]) => !AMONG.has(name) || run.rows[name] > 0).map(([name, { word, means }]) => html`
          <div key=${name} class=${run.rows[name] ? name : "zero"}>
            <dt>${word}</dt>
            <dd><strong>${(run.rows[name] ?? 0).toLocaleString()}</strong> <span class="dim">${means}</span></dd>
          </div>
        `)}
      </dl>
      ${run.rows.refused > 0 && !refused.value && html`<button type="button" onClick=${() => (refused.value = true)}>Why ${counted(run.rows.refused, "row was", "rows were")} refused</button>`}
      ${refused.value && html`<${Refusals} runId=${run.run_id} count=${run.rows.refused} />`}
    <//>
  `;
}

const ORDER = Object.keys(TIERS);
const GROUPS = [
  ["tier", "By tier", (code) => TIERS[code] ?? words(code)],
  ["campaign", "By campaign", themeOf],
  ["angle", "By angle", themeOf],
  ["would_help", "What would take more of them further", (code) => `a column for ${fieldWords(code).toLowerCase()}`],
];

function Outcomes({ counts }) {
  const groups = GROUPS.filter(([name]) => counts[name] && Object.keys(counts[name]).length);
  if (!groups.length) return null;
  return html`
    <${Section} title="What came of it">
      <div class="groups">
        ${groups.map(([name, title, wording]) => html`
          <div key=${name}>
            <h3>${title}</h3>
            <ul>
              ${Object.entries(counts[name]).sort(([one, n], [other, m]) => (name === "tier" ? ORDER.indexOf(one) - ORDER.indexOf(other) : m - n)).map(([code, count]) => html`<li key=${code}><strong>${count.toLocaleString()}</strong> ${wording(code)}</li>`)}
            </ul>
          </div>
        `)}
      </div>
    <//>
  `;
}

function Terms({ run }) {
  const { mode, segment, draft = [] } = run.terms ?? {};
  const all = [
    ["Works through", run.file_name ? `the file ${line(run.file_name)}, ${counted(run.file_rows, "row")}` : `${SOURCES[run.source] ?? words(run.source)}, invented`],
    ["People", `${MODES[mode] ?? words(mode ?? "")}${run.synthetic && mode !== "sandbox" ? ", invented: nothing of it can ever be sent" : ""}`],
    ["Asked for by", who(run.asked_by)],
    ["At", run.started_at && html`<${Time} at=${run.started_at} form="long" />`],
    ["Ended", run.ended_at && html`<${Time} at=${run.ended_at} form="long" />`],
    ["Takes", run.limit ? `the first ${counted(run.limit, "row")}` : "every row"],
    ["Writes to", [segment ? `${TIERS[segment]} alone` : "tiers 1 to 3", ...draft.map((one) => `also ${TIERS[one] ?? words(one)}`)].join(", ")],
    ["Its id", html`<code>${run.run_id}</code>`],
  ];
  return html`
    <${Section} title="What was asked for">
      <dl class="facts-list">${all.filter(([, value]) => value).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <//>
  `;
}
