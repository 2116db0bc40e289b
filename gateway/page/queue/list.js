// The list: one row a letter, the best first; which one is open, marked, on somebody's desk, or failed a check.
import { html, useEffect, useRef } from "../vendor.js";
import { line, shown, words } from "../core/text.js";
import { ago, now } from "../core/time.js";
import { themeOf, TIERS } from "../core/words.js";
import { onIt } from "./claims.js";
import { cards, loadMore, marked, more, openId, settled, toggleMark } from "./store.js";
import { typed } from "./typed.js";

const idOf = (card) => `row-${card.email_id}`;

/** @param {{onOpen: (emailId: string) => void}} props */
export function List({ onOpen }) {
  const all = cards.value;
  const box = useRef(null);
  useEffect(() => {
    box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [openId.value]);
  const onScroll = (event) => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    if (more.value && scrollHeight - scrollTop < 3 * clientHeight) loadMore();
  };
  return html`
    <div class="list-pane">
      <ul
        class="list" ref=${box} role="listbox" tabindex="0" aria-label="Letters that wait" onScroll=${onScroll}
        aria-activedescendant=${openId.value ? `row-${openId.value}` : null}
      >
        ${all.map((card) => html`<${Row} key=${card.email_id} card=${card} onOpen=${onOpen} />`)}
      </ul>
    </div>
  `;
}

function Row({ card, onOpen }) {
  const here = card.email_id === openId.value;
  const isMarked = marked.value.has(card.email_id);
  const other = onIt(card, now.value);
  const failed = card.verdict.results.filter((one) => !one.passed).length;
  const unsent = typed(card.email_id).body !== undefined;
  const mark = (event) => {
    event.stopPropagation();
    toggleMark(card.email_id);
  };
  return html`
    <li
      id=${idOf(card)} role="option" aria-selected=${here} onClick=${() => onOpen(card.email_id)}
      class=${`row-card ${isMarked ? "marked" : ""} ${settled.value.has(card.email_id) ? "over" : ""}`}
    >
      <span class="tick" onClick=${mark} aria-hidden="true"></span>
      <span class="row-who">${shown(card.card.name, "Name hidden")}<span class="dim"> · ${line(card.card.title)}</span></span>
      <span class="row-score" title="Score, of 100">${card.card.score}</span>
      <span class="row-company">${line(card.card.company)}</span>
      <span class=${`tier ${card.card.tier}`}>${TIERS[card.card.tier] ?? words(card.card.tier)}</span>
      <span class="row-meta dim">${themeOf(card.writing.angle)} · ${ago(card.drafted_at, now.value)}</span>
      <span class="row-flags">
        ${isMarked && html`<span class="unseen">marked</span>`}
        ${failed > 0 && html`<span class="flag warn">⚠ ${failed} ${failed === 1 ? "check" : "checks"} failed</span>`}
        ${other && html`<span class="flag on-it">${other} is on it</span>`}
        ${(card.comments?.length ?? 0) > 0 && html`<span class="flag">${card.comments.length === 1 ? "1 comment" : `${card.comments.length} comments`}</span>`}
        ${unsent && html`<span class="flag">unsaved edit</span>`}
        ${settled.value.has(card.email_id) && html`<span class="flag warn">decided</span>`}
      </span>
    </li>
  `;
}

export function ListSkeleton() {
  return html`
    <div class="list-pane" role="status"><span class="unseen">Loading the queue</span>
      <div class="list" aria-hidden="true">
        ${Array.from({ length: 8 }, (_, index) => html`<div key=${index} class="row-card bones"><i></i><i></i><i></i></div>`)}
      </div>
    </div>
  `;
}
