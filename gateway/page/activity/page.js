// Activity: what happens, as it happens, in words.
import { html, useEffect, useRef } from "../vendor.js";
import { called, CATEGORIES } from "../core/facts.js";
import { onFact } from "../core/feed.js";
import { listen } from "../core/keys.js";
import { meet, people } from "../core/people.js";
import { follow } from "../core/router.js";
import { loadRuns, runNamed, runs } from "../core/runs.js";
import { session } from "../core/session.js";
import { capital, line, shown, who } from "../core/text.js";
import { Failed, Old } from "../parts/failed.js";
import { Filters, unfoldFilters } from "../parts/filters.js";
import { State } from "../parts/state.js";
import { Line } from "./line.js";
import {
  actors, ask, away, categories, chosenCategories, events, file, filtered, filters, hear, held, load, NO_FILTERS, paused, phase, problem, readAddress, release, toggle, types,
} from "./store.js";

/** Further down than this the newest line is out of sight. */
const AWAY_PX = 48;

export function Activity() {
  const scroller = useRef(null);
  useEffect(() => {
    readAddress();
    paused.value = false;
    away.value = false;
    load();
    loadRuns();
    meet([filters.value.lead_id]);
    const heard = (fact) => {
      if (fact.type === "reset") load();
      else hear(fact);
      if (fact.type === "run.requested.v1") loadRuns();
    };
    const ends = [onFact(heard, categories.value), listen({ f: plain(unfoldFilters), p: plain(pause) })];
    return () => ends.forEach((end) => end());
  }, [session.value.login]);
  useEffect(() => {
    document.title = "Activity · Alpha Swarm";
  }, []);
  const onScroll = (event) => {
    away.value = event.currentTarget.scrollTop > AWAY_PX;
    if (!away.value && !paused.value && held.value.length) release();
  };
  const toTop = () => {
    scroller.current.scrollTop = 0;
    release();
  };
  if (phase.value === "failed") return html`<${Failed} alone what="The activity" problem=${problem.value} again=${load} />`;
  return html`
    <div class="sheet activity">
      <h1 class="unseen">Activity</h1>
      <${Toolbar} />
      <div class="sheet-scroll" ref=${scroller} tabindex="0" role="group" aria-label="What happened, the newest first" onScroll=${onScroll}>
        <${Waiting} onShow=${toTop} />
        <${Old} problem=${problem.value} again=${load} />
        ${phase.value === "loading" ? html`<${Skeleton} />` : events.value.length ? html`<${Days} />` : html`<${Nothing} />`}
      </div>
    </div>
  `;
}

const plain = (act) => (event) => {
  event.preventDefault();
  act();
};

function pause() {
  paused.value = !paused.value;
  if (!paused.value && !away.value) release();
}

function Toolbar() {
  const lead = filters.value.lead_id;
  const person = people.value.get(lead);
  const some = chosenCategories.value;
  const fields = [
    { name: "type", label: "what", choices: types.value.map((type) => [type, called(type)]) },
    { name: "actor", label: "who", choices: whoElse([...actors.value].map(([name, some]) => [some, capital(name)]), filters.value.actor) },
    { name: "run_id", label: "run", choices: [...new Set([...runs.value.map((one) => one.run_id), filters.value.run_id])].filter(Boolean).map((id) => [id, runNamed(id)]) },
    ...(lead ? [{ name: "lead_id", label: "about", choices: [[lead, person ? shown(person.name ?? person.row, "one person, name hidden") : "one lead"]] }] : []),
  ];
  return html`
    <div class="activity-bar">
      <div class="chips" role="group" aria-label="Kinds">
        ${categories.value.map((one) => html`<button key=${one} type="button" class=${`chip ${some.includes(one) ? "on" : ""}`} aria-pressed=${some.includes(one)} onClick=${() => toggle(one)}>${CATEGORIES[one]}</button>`)}
      </div>
      <${Filters} chosen=${filters.value} fields=${fields} onAsk=${ask} onClear=${filtered.value ? () => ask(NO_FILTERS) : null}>
        <button type="button" class="pause" aria-pressed=${paused.value} aria-keyshortcuts="p" onClick=${pause}>${paused.value ? "Resume" : "Pause"} <kbd aria-hidden="true">p</kbd></button>
      <//>
    </div>
  `;
}

/** With those that the address names, whom nobody met here yet. */
const whoElse = (known, asked) => (asked && !known.some(([some]) => some === asked) ? [...known, [asked, capital(who(asked.split(",")[0]))]] : known);

/** What came and is not shown yet. */
function Waiting({ onShow }) {
  const count = held.value.length;
  return html`
    <div class="waiting" role="status">
      ${paused.value && html`<span>${count ? "Paused." : "Paused. Nothing new so far."}</span>`}
      ${count > 0 && html`<button type="button" class="main" onClick=${onShow}>${count.toLocaleString()} new</button>`}
    </div>
  `;
}

const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

function Days() {
  const days = [];
  for (const fact of events.value) {
    const day = DAY.format(new Date(fact.at));
    if (days.at(-1)?.day !== day) days.push({ day, facts: [] });
    days.at(-1).facts.push(fact);
  }
  return html`
    ${days.map(({ day, facts }) => html`
      <section key=${day + facts[0].position.split(":")[0]} class="day" aria-label=${day}>
        <h2>${day}</h2>
        <ol class="lines">${facts.map((fact) => html`<${Line} key=${fact.position} fact=${fact} />`)}</ol>
      </section>
    `)}
    <p class="dim end">
      These are the newest. <a href=${file()} download="activity.csv">The log from its beginning, as a file</a>
    </p>
  `;
}

function Nothing() {
  if (filtered.value) {
    return html`
      <${State} title="Nothing happened that fits these filters" mark="filter">
        <p>New events that fit appear here by themselves.</p>
        <button type="button" class="main" onClick=${() => ask(NO_FILTERS)}>Clear filters</button>
      <//>
    `;
  }
  return html`
    <${State} title="Nothing has happened yet" mark="tray">
      <p>Whatever the swarm or a person does stands here a moment later. It begins with a list of people.</p>
      <a class="act main" href="/runs/new" onClick=${follow}>Bring a list to ${line(session.value.namespace) || "the swarm"}</a>
    <//>
  `;
}

function Skeleton() {
  return html`
    <div role="status"><span class="unseen">Loading the activity</span>
      <div class="day" aria-hidden="true">${Array.from({ length: 10 }, (_, index) => html`<div key=${index} class="bones line-bones"><i></i></div>`)}</div>
    </div>
  `;
}
