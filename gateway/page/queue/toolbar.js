// Above the list: what is asked for, as chips; search and order; and the numbers that count.
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "../vendor.js";
import { campaignChoices, loadCampaigns, seeCampaigns } from "../core/campaigns.js";
import { session } from "../core/session.js";
import { counted, who } from "../core/text.js";
import { ago, now, runWords } from "../core/time.js";
import { themeOf, TIERS } from "../core/words.js";
import { ask, cards, filtered, filters, load, marked, NO_FILTERS, question, sort, status, waiting } from "./store.js";

const SEARCH_AFTER_MS = 200;
const ORDERS = { rank: "best first", oldest: "oldest first", newest: "newest first", score: "highest score" };
const NAMES = { tier: "tier", campaign: "campaign", run_id: "run", angle: "angle", claimed_by: "claimed by" };

/** @param {{onMany: (what: "approve" | "reject") => void}} props */
export function Toolbar({ onMany }) {
  const more = useSignal(false);
  useEffect(() => {
    const unfold = () => {
      more.value = !more.value;
    };
    addEventListener("queue:filters", unfold);
    return () => removeEventListener("queue:filters", unfold);
  }, []);
  return html`
    <div class="toolbar">
      <${Search} />
      <button type="button" class="chip" aria-expanded=${more.value} aria-keyshortcuts="f" onClick=${() => (more.value = !more.value)}>Filter <kbd aria-hidden="true">f</kbd></button>
      ${Object.keys(NAMES).filter((name) => filters.value[name]).map((name) => html`<${Chosen} key=${name} name=${name} />`)}
      ${filters.value.snoozed && html`<button type="button" class="chip on" onClick=${() => ask({ snoozed: false })}>for later <span aria-hidden="true">✕</span><span class="unseen">: stop showing</span></button>`}
      ${filtered.value && html`<button type="button" class="quiet small" onClick=${() => ask(NO_FILTERS)}>Clear all</button>`}
      <${Numbers} />
      ${more.value && html`<${Filters} onClose=${() => (more.value = false)} />`}
      ${marked.value.size > 0 && html`
        <div class="many" role="group" aria-label="The marked">
          <strong>${counted(marked.value.size, "letter")} marked</strong>
          <button type="button" aria-keyshortcuts="Shift+A" onClick=${() => onMany("approve")}>Approve … <kbd aria-hidden="true">Shift+A</kbd></button>
          <button type="button" aria-keyshortcuts="Shift+R" onClick=${() => onMany("reject")}>Reject … <kbd aria-hidden="true">Shift+R</kbd></button>
          <button type="button" class="quiet" onClick=${() => (marked.value = new Set())}>Unmark</button>
        </div>
      `}
    </div>
  `;
}

function Search() {
  const timer = useRef(0);
  const onInput = (event) => {
    const q = event.currentTarget.value.trim();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => ask({ q }), SEARCH_AFTER_MS);
  };
  const onKeyDown = (event) => {
    if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
  };
  return html`
    <label class="search">
      <span class="unseen">Search company, title, subject and name</span>
      <input id="search" type="search" placeholder="Search" value=${filters.value.q} maxlength="200" autocomplete="off" aria-keyshortcuts="/" onInput=${onInput} onKeyDown=${onKeyDown} />
      <kbd aria-hidden="true">/</kbd>
    </label>
  `;
}

const valueWords = (name, value) => {
  if (name === "tier") return TIERS[value];
  if (name === "claimed_by") return value === session.value.login ? "you" : who(value);
  return name === "run_id" ? runWords(value) : themeOf(value);
};

function Chosen({ name }) {
  const label = `${NAMES[name]}: ${valueWords(name, filters.value[name])}`;
  return html`<button type="button" class="chip on" onClick=${() => ask({ [name]: "" })}>${name === "tier" ? valueWords(name, filters.value[name]) : label} <span aria-hidden="true">✕</span><span class="unseen">: remove this filter</span></button>`;
}

/** @param {{onClose: () => void}} props */
function Filters({ onClose }) {
  const first = useRef(null);
  useLayoutEffect(() => first.current?.focus(), []);
  useEffect(() => {
    loadCampaigns();
  }, []);
  useEffect(() => seeCampaigns(cards.value.map((one) => one.writing.campaign)), [cards.value]);
  const among = (read) => [...new Set(cards.value.map(read).filter(Boolean))].sort();
  const choices = {
    tier: Object.keys(TIERS),
    campaign: campaignChoices.value.map(([code]) => code),
    angle: among((one) => one.writing.angle),
    run_id: among((one) => one.run_id),
    claimed_by: Object.keys(status.value?.claimed ?? {}),
  };
  const csv = new URLSearchParams(Object.entries({ ...question(), limit: "", format: "csv" }).filter(([, value]) => value !== "")).toString();
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
    document.querySelector(".list")?.focus();
  };
  return html`
    <div class="filters" role="group" aria-label="Filters" onKeyDown=${onKeyDown}>
      ${Object.entries(choices).filter(([name, values]) => values.length > 1 || filters.value[name] || name === "claimed_by" && values.length).map(([name, values], index) => html`
        <label key=${name}>${NAMES[name]}
          <select ref=${index === 0 ? first : null} value=${filters.value[name]} onChange=${(event) => ask({ [name]: event.currentTarget.value })}>
            <option value="">any</option>
            ${[...new Set([...values, filters.value[name]])].filter(Boolean).map((value) => html`<option key=${value} value=${value}>${valueWords(name, value)}</option>`)}
          </select>
        </label>
      `)}
      <label>order
        <select value=${sort.value} onChange=${(event) => { sort.value = event.currentTarget.value; load(); }}>
          ${Object.entries(ORDERS).map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
        </select>
      </label>
      <label class="check"><input type="checkbox" checked=${filters.value.snoozed} onChange=${(event) => ask({ snoozed: event.currentTarget.checked })} /> those for later</label>
      <a href=${`/api/pending-emails?${csv}`} download="queue.csv">Export as CSV</a>
    </div>
  `;
}

/** Waiting, the age of the oldest, and who is on something: seen without asking. */
function Numbers() {
  const known = status.value;
  if (!known) return html`<p class="numbers"></p>`;
  const claims = Object.entries(known.claimed ?? {}).filter(([login, count]) => count && login !== session.value.login);
  return html`
    <p class="numbers">
      <strong>${waiting.value.toLocaleString()}</strong> waiting
      ${known.oldest_at && html` · oldest ${ago(known.oldest_at, now.value)}`}
      ${known.snoozed > 0 && html` · <button type="button" class="link" onClick=${() => ask({ snoozed: true })}>${known.snoozed} for later</button>`}
      ${known.changes_requested > 0 && html` · ${known.changes_requested} being rewritten`}
      ${claims.map(([login, count]) => html`<span key=${login}> · ${count} with ${who(login)}</span>`)}
    </p>
  `;
}
