// Beside the letter: why this person, the facts behind the words, what was checked, what happened, and who else is there.
import { html, signal } from "../vendor.js";
import { may, online } from "../core/session.js";
import { line, shown, who, words } from "../core/text.js";
import { Time } from "../core/time.js";
import { EMAIL, themeOf, TIERS } from "../core/words.js";
import { readWhy } from "../leads/store.js";
import { openPanel } from "./actions.js";
import { lit } from "./letter.js";
import { footnotes, superscript, unworded } from "./marks.js";
import { ruleWords } from "./rules.js";
import { show } from "./decide.js";
import { cards } from "./store.js";
import { Versions } from "./versions.js";

/** Whether the history is unfolded; it stays so from letter to letter. */
export const historyOpen = signal(false);

/** @param {{card: import("./store.js").Card}} props */
export function Reasons({ card }) {
  return html`
    <aside class="reasons" aria-label="Why this letter">
      <${Why} card=${card} />
      <${Comments} card=${card} />
      <${Facts} card=${card} />
      <${Checks} card=${card} />
      <${Others} card=${card} />
      <${History} card=${card} />
    </aside>
  `;
}

function Why({ card: { lead_id, card, writing, synthetic } }) {
  return html`
    <section>
      <h2 class="label">Why this person</h2>
      <p class="score"><strong>${card.score}</strong> of 100 <span class=${`tier ${card.tier}`}>${TIERS[card.tier] ?? words(card.tier)}</span></p>
      <ul class="points">
        ${card.reasons.map((one) => html`<${Point} key=${one} text=${line(one)} />`)}
      </ul>
      <p class="dim">Angle: ${themeOf(writing.angle)}. Campaign: ${themeOf(writing.campaign)}.${synthetic ? " Sample data." : ""}</p>
      <button type="button" class="link" aria-keyshortcuts="w" onClick=${() => readWhy(lead_id)}>What led to this letter <kbd aria-hidden="true">w</kbd></button>
    </section>
  `;
}

const POINT = /^([+−-]\d+|[×x]\d+(?:\.\d+)?|unknown):\s*(.*)$/;

function Point({ text }) {
  const [, sign = "", what = text] = POINT.exec(text) ?? [];
  return html`<li><span class=${sign === "unknown" ? "sign dim" : "sign"}>${sign === "unknown" ? "?" : sign}</span><span class=${sign === "unknown" ? "dim" : ""}>${what}</span></li>`;
}

/** Where a fact comes from. */
export const SOURCES = { file: "your file", row: "your file, read as a figure", address: "the address", directory: "the company directory" };

function Facts({ card }) {
  const notes = footnotes(card);
  const silent = unworded(card);
  if (!may("read_personal") || (!notes.length && !silent.length)) return null;
  return html`
    <section>
      <h2 class="label">Facts cited</h2>
      <ol class="facts">
        ${notes.map((note) => html`<${Fact} key=${note.number} note=${note} evidence=${card.evidence?.[note.field]} />`)}
      </ol>
      ${silent.length > 0 && html`<p class="dim">Also from ${[...new Set(silent.map((one) => SOURCES[one.source] ?? words(one.source)))].join(", ")}: ${silent.map((one) => words(one.field)).join(", ")}</p>`}
    </section>
  `;
}

function Fact({ note, evidence }) {
  const { number } = note;
  const value = evidence && line(Array.isArray(evidence.value) ? evidence.value.join(", ") : evidence.value);
  return html`
    <li
      class=${`fact ${lit.value === number ? "lit" : ""} ${note.fact ? "" : "unfounded"}`}
      tabindex="0"
      onMouseEnter=${() => (lit.value = number)}
      onMouseLeave=${() => (lit.value = 0)}
      onFocus=${() => (lit.value = number)}
      onBlur=${() => (lit.value = 0)}
    >
      <sup>${superscript(number)}</sup>
      <span>
        <span class="fact-what">${words(note.field)}: ${value || note.words.map(line).join(", ")}</span>
        <span class="dim fact-from">${note.fact ? html`${SOURCES[note.source] ?? words(note.source)}${evidence?.at && html`, <${Time} at=${evidence.at} />`}${evidence?.confidence < 0.75 ? `, ${Math.round(evidence.confidence * 100)} % sure` : ""}` : "No fact carries this"}</span>
      </span>
    </li>
  `;
}

function Checks({ card }) {
  const all = card.verdict.results;
  const failed = all.filter((one) => !one.passed);
  return html`
    <section>
      <h2 class="label">Checks</h2>
      ${failed.length
        ? html`
            <ul class="failed-checks">${failed.map((one) => html`<li key=${one.rule}><strong>${ruleWords(one.rule)}.</strong> ${line(one.found)}</li>`)}</ul>
            <p class="dim">To approve it all the same you give a reason.</p>
          `
        : null}
      <details>
        <summary class=${failed.length ? "" : "passed"}>${failed.length ? "" : html`<span aria-hidden="true">✓ </span>`}${all.length - failed.length} of ${all.length} passed</summary>
        <ul class="checks">
          ${all.map((one) => html`<li key=${one.rule}><span aria-hidden="true">${one.passed ? "✓" : "✕"}</span> ${ruleWords(one.rule)}<span class="unseen">${one.passed ? ": passed" : ": failed"}</span></li>`)}
        </ul>
      </details>
    </section>
  `;
}

function Comments({ card }) {
  const all = card.comments ?? [];
  if (!all.length && !may("decide")) return null;
  return html`
    <section class=${all.length ? "" : "no-comments"}>
      <h2 class="label">Comments</h2>
      <ul class="comments">
        ${all.map((one, index) => html`<li key=${index}><strong>${who(one.by)}</strong> <span class="dim"><${Time} at=${one.at} /></span><p>${line(one.text)}</p></li>`)}
      </ul>
      ${may("decide") && html`<button type="button" class="narrow-only" disabled=${!online.value} onClick=${(event) => openPanel("comment", event)}>Comment</button>`}
    </section>
  `;
}

function Others({ card }) {
  const all = card.others ?? [];
  if (!all.length) return null;
  const waits = (one) => cards.value.some((each) => each.email_id === one.email_id);
  return html`
    <section>
      <h2 class="label">Others at ${line(card.card.company)}</h2>
      <ul class="others">
        ${all.map((one) => html`
          <li key=${one.lead_id ?? one.email_id}>
            ${waits(one)
              ? html`<button type="button" class="link" onClick=${() => show(one.email_id)}>${shown(one.name, "Name hidden")}</button>`
              : shown(one.name, "Name hidden")}
            <span class="dim"> · ${line(one.title)} · ${line(one.stands || EMAIL[one.status] || words(one.status))}</span>
          </li>
        `)}
      </ul>
    </section>
  `;
}

function History({ card }) {
  const onToggle = (event) => {
    historyOpen.value = event.currentTarget.open;
  };
  return html`
    <section>
      <details class="history" open=${historyOpen.value} onToggle=${onToggle}>
        <summary><h2 class="label">History</h2> <span class="dim">version ${card.draft_version} · written <${Time} at=${card.drafted_at} form="ago" /></span></summary>
        <${Versions} all=${card.versions} />
        <p class="dim">It can be answered until <${Time} at=${card.expires_at} form="long" />.</p>
      </details>
    </section>
  `;
}
