// Health: whether everything runs, how fresh what is seen is, what the store promises, and what was given up.
import { html, signal, useEffect } from "../vendor.js";
import { get } from "../core/api.js";
import { feedState, place } from "../core/feed.js";
import { loaded } from "../core/loaded.js";
import { follow } from "../core/router.js";
import { may, wordAt } from "../core/session.js";
import { counted, line } from "../core/text.js";
import { clockWithSeconds, now } from "../core/time.js";
import { unresolved, WHERE } from "../core/unresolved.js";
import { Standing } from "../parts/mark.js";
import { Section, Paper } from "../parts/paper.js";
import { Bones, NotYours, Stale, Trouble } from "../parts/trouble.js";
import { Dead } from "./dead.js";
import { SERVICES, VIEWS } from "./words.js";

const EVERY_MS = 5_000;
const DEAD_SHOWN = 50;
const BEHIND_MUCH = 1_000;

/** Whether those that were answered are shown too. */
const answeredToo = signal(false);

const view = loaded(async () => {
  const began = performance.now();
  const [{ data: ready }, { data: found }, dead] = await Promise.all([
    get("/api/health/ready").then((answer) => ({ ...answer, tookMs: Math.round(performance.now() - began) })),
    get("/api/runtime/dependencies"),
    mayAnswer() ? get("/api/dead-letters", { limit: DEAD_SHOWN, answer: answeredToo.value ? "all" : "" }) : null,
  ]);
  return { ready, found, dead: dead?.data ?? null };
});

const mayAnswer = () => may("run") || may("audit");

export function Health() {
  useEffect(() => {
    view.load();
    const look = () => {
      if (document.visibilityState === "visible") view.load();
    };
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [answeredToo.value]);
  const known = view.data.value;
  return html`
    <${Paper} title="Health" actions=${known && html`<span class="dim as-of">as of ${clockWithSeconds(view.at.value)}, looked at every 5 s</span>`}>
      ${known
        ? html`<${Stale} view=${view} /><${All} known=${known} />`
        : view.problem.value
          ? html`<${Trouble} problem=${view.problem.value} what="The health of the swarm" onAgain=${view.load} />`
          : html`<${Bones} words="Looking at the services" />`}
    <//>
  `;
}

function All({ known }) {
  const { services, behind, promise } = known.found;
  const down = Object.keys(services).filter((name) => !services[name]);
  const late = Object.values(behind).filter((count) => count > 0).length;
  return html`
    <${Verdict} down=${down} late=${late} dead=${known.dead} away=${Boolean(view.problem.value)} />
    <${Section} title="Services">
      <ul class="services">
        ${Object.entries(services).map(([name, runs]) => html`<${Service} key=${name} name=${name} runs=${runs} />`)}
      </ul>
    <//>
    <${Section} title="What was given up" note="An entry that a service failed on again and again is set aside, so that it holds nobody else up.">
      ${known.dead
        ? html`<${Dead} page=${known.dead} answeredToo=${answeredToo} onAnswered=${() => view.load()} />`
        : html`<${NotYours} permission="dead" what="see what was given up" />`}
    <//>
    ${unresolved.value > 0 && html`
      <${Section} title="Letters of unknown outcome" note="Their sending began, and no answer said how it ended. They may have arrived, so nothing sends them again.">
        <p>Look into the mailbox of the sender, or ask whoever runs the mailer, before anybody writes there again.</p>
        <a class="act" href=${WHERE} onClick=${follow}>See ${unresolved.value === 1 ? "whose it is" : `whose the ${unresolved.value.toLocaleString()} are`}</a>
      <//>
    `}
    <${Section} title="How fresh it is">
      <dl class="facts-list">
        <div><dt>This page hears</dt><dd><${Feed} /></dd></div>
        <div><dt>The store</dt><dd><${Standing} kind="good">answers<//><span class="dim"> · at place ${line(known.ready.position)} of the log</span></dd></div>
        <div><dt>It promises</dt><dd>${line(promise)}</dd></div>
      </dl>
      <h3>What is shown is made of facts; how far each view has read them</h3>
      <ul class="views">${Object.entries(behind).map(([name, count]) => html`<${View} key=${name} name=${name} behind=${count} />`)}</ul>
    <//>
  `;
}

function Verdict({ down, late, dead, away }) {
  const waiting = dead ? dead.items.filter((one) => one.answer === "waiting").length : 0;
  const more = dead?.next ? " or more" : "";
  const troubles = [
    down.length && `${down.map((name) => SERVICES[name]?.word ?? name).join(", ")} ${down.length === 1 ? "does" : "do"} not run`,
    waiting && `${counted(waiting, "entry waits", "entries wait")}${more} for a person`,
    unresolved.value && `${counted(unresolved.value, "letter")} of unknown outcome`,
    late && !down.includes("projector") && `${counted(late, "view is", "views are")} catching up`,
  ].filter(Boolean);
  const kind = away ? "warn" : down.length ? "bad" : waiting || unresolved.value ? "warn" : "good";
  const title = away ? "Nobody can say how it stands now" : troubles.length ? `${troubles.join("; ")}.`.replace(/^./, (first) => first.toUpperCase()) : "Everything runs.";
  return html`<p class=${`verdict ${kind}`} role="status"><${Standing} kind=${kind}>${title}<//></p>`;
}

function Service({ name, runs }) {
  const { word = line(name), does = "", without = "" } = SERVICES[name] ?? {};
  return html`
    <li class=${`service ${runs ? "good" : "bad"}`}>
      <p class="service-head"><strong>${word}</strong> <${Standing} kind=${runs ? "good" : "bad"}>${runs ? "runs" : "does not run"}<//></p>
      <p class="dim">${runs ? does : without}</p>
      ${!runs && html`<code>swarm serve ${line(name)}</code>`}
    </li>
  `;
}

/** How old what this page was told can be. */
function Feed() {
  const s = Math.max(0, Math.round((now.value - wordAt.value) / 1000));
  const where = place.value ? html`<span class="dim"> · up to place ${place.value}</span>` : "";
  if (feedState.value === "live") return html`<${Standing} kind="good">live<//><span class="dim"> · last word ${s} s ago</span>${where}`;
  if (feedState.value === "lost") return html`<${Standing} kind="warn">cut off, connecting again<//><span class="dim"> · last word at ${clockWithSeconds(wordAt.value)}</span>${where}`;
  return html`<${Standing} kind="wait">connecting<//>`;
}

function View({ name, behind }) {
  return html`
    <li>
      ${VIEWS[name] ?? line(name)}
      ${behind === 0
        ? html`<${Standing} kind="good">up to date<//>`
        : html`<${Standing} kind=${behind >= BEHIND_MUCH ? "warn" : "wait"}>${counted(behind, "fact")} behind<//>`}
    </li>
  `;
}
