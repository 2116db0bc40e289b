// One lead: where it stands, why it got its letter as a drawing, and all that happened, oldest first.
import { html, useEffect, useRef, useSignal } from "../vendor.js";
import { get, Problem } from "../core/api.js";
import { called } from "../core/facts.js";
import { place } from "../core/feed.js";
import { follow, go } from "../core/router.js";
import { runNamed } from "../core/runs.js";
import { may } from "../core/session.js";
import { capital, counted, line, plain, who } from "../core/text.js";
import { Time } from "../core/time.js";
import { whenTold } from "../core/told.js";
import { themeOf } from "../core/words.js";
import { Failed, Old } from "../parts/failed.js";
import { State } from "../parts/state.js";
import { openId as openLetter } from "../queue/store.js";
import { Drawing } from "./drawing.js";
import { cameFor } from "./store.js";
import { nameOf, Score } from "./table.js";

const REST_MS = 400;
/** A headline that says no more than the score beside it. */
const SCORE = /^\d+ of 100$/;

/** @param {{id: string, onClose: () => void}} props */
export function Lead({ id, onClose }) {
  const known = useSignal(null);
  const problem = useSignal(null);
  const heading = useRef(null);
  const look = async (after = "") => {
    try {
      const path = `/api/leads/${encodeURIComponent(id)}`;
      const [lead, timeline, why] = await Promise.all([get(path, { after }), get(`${path}/timeline`, { after }), get(`${path}/why`, { after })]);
      known.value = { lead: lead.data, timeline: timeline.data, why: why.data };
      problem.value = null;
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      problem.value = failed;
    }
  };
  useEffect(() => {
    look();
    const about = (fact) => fact.lead_id === id || fact.about === id;
    return whenTold(about, () => look(place.value), { categories: ["lead", "deal"], restMs: REST_MS });
  }, []);
  useEffect(() => {
    if (!heading.current) return;
    const drawing = cameFor.why ? document.getElementById("why-title") : null;
    cameFor.why = false;
    drawing?.scrollIntoView();
    (drawing || heading.current).focus();
  }, [known.value === null]);
  return html`
    <aside class="lead-pane" aria-label="The lead">
      <div class="lead-bar">
        <button type="button" class="quiet" onClick=${onClose}>← ${cameFor.from ? "Back to the letter" : "All leads"} <kbd aria-hidden="true">Esc</kbd></button>
        <a class="quiet-link" href=${`/activity?lead_id=${encodeURIComponent(id)}`} onClick=${follow}>Follow in the activity</a>
      </div>
      <div class="lead-scroll" tabindex="0" role="group" aria-label="What is known of the lead">
        ${known.value
          ? html`
              <${Old} problem=${problem.value} again=${() => look()} />
              <${Head} lead=${known.value.lead} heading=${heading} />
              <${Why} why=${known.value.why} />
              <${Timeline} timeline=${known.value.timeline} />
            `
          : problem.value?.status === 404
            ? html`<${State} title="There is no such lead" mark="away"><p>The address may be an old one, or cut off.</p><button type="button" class="main" onClick=${onClose}>Show all leads</button><//>`
            : problem.value
              ? html`<${Failed} what="The lead" problem=${problem.value} again=${() => look()} />`
              : html`<div role="status"><span class="unseen">Loading the lead</span><div class="bones lead-bones" aria-hidden="true"><i></i><i></i><i></i><i></i></div></div>`}
      </div>
    </aside>
  `;
}

function Head({ lead, heading }) {
  const why = line(lead.said.why);
  const next = line(lead.said.moves);
  const waits = lead.email_status === "drafted";
  const toLetter = (event) => {
    event.preventDefault();
    openLetter.value = lead.email_id;
    go("/");
  };
  return html`
    <header class="lead-head">
      <h2 tabindex="-1" ref=${heading}>${nameOf(lead)}</h2>
      <p>${[lead.title, lead.company].filter(Boolean).map(line).join(", ")}${lead.synthetic && html` <span class="dim">· sample data</span>`}</p>
      ${!may("read_personal") && html`<p class="dim">Your role sees what was done, not whom it was about: names and texts are hidden.</p>`}
      <dl class="lead-facts">
        <div><dt>Stands</dt><dd><strong>${capital(lead.stands)}</strong>${waits && html` · <a href="/" onClick=${toLetter}>Read the letter</a>`}${why && html`<span class="under dim">${why}</span>`}</dd></div>
        ${next && html`<div><dt>${lead.status === "needs_data" || lead.remedy ? "Would move it" : "Open"}</dt><dd>${next}</dd></div>`}
        <div><dt>Score</dt><dd><${Score} lead=${lead} />${lead.headline && !SCORE.test(lead.headline) && html`<span class="under dim">${plain(lead.headline)}</span>`}</dd></div>
        ${lead.origin && html`<div><dt>From</dt><dd>${capital(line(lead.said.origin))}${lead.duplicates > 0 && html`<span class="dim"> · came again ${lead.duplicates === 1 ? "once" : `${lead.duplicates} times`}, with nothing new</span>`}</dd></div>`}
        ${lead.run_id && html`<div><dt>Run</dt><dd>${runNamed(lead.run_id)}${lead.campaign && html`<span class="dim"> · campaign: ${themeOf(lead.campaign)}</span>`}</dd></div>`}
      </dl>
    </header>
  `;
}

function Why({ why }) {
  if (!why.nodes.length) return null;
  return html`
    <section class="why" aria-labelledby="why-title">
      <h3 id="why-title" tabindex="-1">What led to what</h3>
      <${Drawing} why=${why} />
      ${why.dropped > 0 && html`<p class="dim">${counted(why.dropped, "earlier fact is", "earlier facts are")} not drawn.</p>`}
    </section>
  `;
}

function Timeline({ timeline }) {
  const all = timeline.moments;
  return html`
    <section aria-labelledby="timeline-title">
      <h3 id="timeline-title">All that happened, oldest first</h3>
      ${all.length
        ? html`
            ${timeline.dropped > 0 && html`<p class="dim">${counted(timeline.dropped, "earlier moment is", "earlier moments are")} in the log alone.</p>`}
            <ol class="timeline">
              ${all.map((one) => html`
                <li key=${one.event_id} class=${one.type.split(".")[0]}>
                  <span class="timeline-what"><strong>${called(one.type)}</strong> <span class="dim">by ${who(actorOf(one.actor))}</span></span>
                  <span class="timeline-when"><${Time} at=${one.at} form="long" /></span>
                  <span class="timeline-words">${capital(plain(one.words))}</span>
                </li>
              `)}
            </ol>
          `
        : html`<p class="dim">Nothing more: a row that was refused has no history. What would mend it stands above.</p>`}
    </section>
  `;
}

/** The history names who did something without saying what they are; people alone have an address. */
const actorOf = (id) => (/[@:]/.test(id) ? id : `${KINDS[id] ?? "agent"}:${id}`);
const KINDS = { clock: "system", log: "system", sandbox: "policy" };
