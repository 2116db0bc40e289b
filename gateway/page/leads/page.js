// The leads: how many stand where, each with the reason, and everything that happened to one.
import { html, useEffect } from "../vendor.js";
import { campaignChoices, loadCampaigns } from "../core/campaigns.js";
import { place } from "../core/feed.js";
import { listen } from "../core/keys.js";
import { follow, go } from "../core/router.js";
import { loadRuns, runNamed, runs } from "../core/runs.js";
import { session } from "../core/session.js";
import { counted } from "../core/text.js";
import { whenTold } from "../core/told.js";
import { Failed, Old } from "../parts/failed.js";
import { Filters, focusSearch, unfoldFilters } from "../parts/filters.js";
import { State } from "../parts/state.js";
import { TIERS } from "../core/words.js";
import { Funnel, STAGES } from "./funnel.js";
import { Lead } from "./lead.js";
import { ask, cameFor, filtered, filters, funnel, list, load, loadFunnel, NO_FILTERS, openId, read, readAddress, renew, step } from "./store.js";
import { Skeleton, Table } from "./table.js";

/** Counting reads every lead, so it is done now and then. */
const COUNT_REST_MS = 1_500;
const SPEAKS = /^(lead|email)\./;

export function Leads() {
  useEffect(() => {
    list.forget();
    readAddress();
    load();
    loadFunnel();
    loadRuns();
    loadCampaigns();
    const speaks = (fact) => SPEAKS.test(fact.type);
    const ends = [
      whenTold(speaks, (facts) => renew(place.value, new Set(facts.map((one) => one.lead_id || one.about))), { categories: ["lead"] }),
      whenTold(speaks, () => loadFunnel(place.value), { categories: ["lead"], restMs: COUNT_REST_MS }),
      listenForLeads(),
    ];
    return () => {
      ends.forEach((end) => end());
      cameFor.from = "";
    };
  }, [session.value.login]);
  useEffect(() => {
    document.title = "Leads · Alpha Swarm";
  }, []);
  if (list.phase.value === "failed") return html`<${Failed} alone what="The leads" problem=${list.problem.value} again=${again} />`;
  return html`
    <div class=${`sheet leads ${openId.value ? "reading" : ""}`}>
      <h1 class="unseen">Leads</h1>
      <div class="sheet-scroll" tabindex="-1">
        <${Funnel} />
        <${Toolbar} />
        <${Old} problem=${list.problem.value} again=${again} />
        ${list.phase.value === "loading" ? html`<${Skeleton} />` : list.rows.value.length ? html`<${Table} />` : html`<${Nothing} />`}
      </div>
      ${openId.value && html`<${Lead} key=${openId.value} id=${openId.value} onClose=${close} />`}
    </div>
  `;
}

function again() {
  load();
  loadFunnel();
}

function close() {
  const id = openId.value;
  const { from } = cameFor;
  cameFor.from = "";
  if (from) {
    go(from);
    return;
  }
  read("");
  requestAnimationFrame(() => document.getElementById(`lead-${id}`)?.focus());
}

function Toolbar() {
  const among = (values, word) => values.map((one) => [one, word(one)]);
  const fields = [
    { name: "stands", label: "stands", choices: among(Object.keys(funnel.value?.stands ?? {}), (one) => one) },
    { name: "stage", label: "got as far as", choices: Object.entries(STAGES).map(([stage, { short }]) => [stage, short]) },
    { name: "tier", label: "tier", choices: Object.entries(TIERS) },
    { name: "run_id", label: "run", choices: among(runs.value.map((run) => run.run_id), runNamed) },
    { name: "campaign", label: "campaign", choices: campaignChoices.value },
  ].map((field) => (field.name === "run_id" && filters.value.run_id && !field.choices.length ? { ...field, choices: [[filters.value.run_id, runNamed(filters.value.run_id)]] } : field));
  const seen = list.rows.value.length;
  return html`
    <${Filters} chosen=${filters.value} fields=${fields} search="Search company, title and name" onAsk=${ask} csv=${list.file()} file="leads.csv">
      <p class="numbers" role="status">${list.phase.value === "ready" && (list.more.value ? `the newest ${seen.toLocaleString()}` : counted(seen, "lead"))}${filtered.value && funnel.value && ` of ${funnel.value.total.toLocaleString()}`}</p>
    <//>
  `;
}

function Nothing() {
  if (filtered.value) {
    return html`
      <${State} title="No lead fits these filters" mark="filter">
        <p>${funnel.value?.total ? `${counted(funnel.value.total, "lead is", "leads are")} there without them.` : "None is there without them either."}</p>
        <button type="button" class="main" onClick=${() => ask(NO_FILTERS)}>Clear filters</button>
      <//>
    `;
  }
  return html`
    <${State} title="No lead has come yet" mark="tray">
      <p>Leads are the people on your lists. They appear here as soon as a run reads one.</p>
      <a class="act main" href="/runs/new" onClick=${follow}>Bring a list</a>
    <//>
  `;
}

function listenForLeads() {
  const plain = (act) => (event) => {
    event.preventDefault();
    act();
  };
  return listen(
    {
      j: plain(() => move(1)),
      k: plain(() => move(-1)),
      f: plain(unfoldFilters),
      "/": focusSearch,
      Escape: () => openId.value && close(),
    },
    new Set(["j", "k"]),
  );
}

/** The next lead: read, if one is open; else its row is chosen, and Enter opens it. */
function move(by) {
  if (openId.value) {
    step(by);
    return;
  }
  const all = [...document.querySelectorAll(".leads .lead-link")];
  const at = all.indexOf(document.activeElement);
  all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
}
