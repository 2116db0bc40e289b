// Later: the letter goes out of the queue and comes back by itself.
import { html } from "../vendor.js";
import { clock, dayAndClock } from "../core/time.js";
import { decidable, later } from "./decide.js";

const MORNING_H = 9;
const AFTERNOON_H = 15;
const EVENING_H = 18;

/**
 * The times that are offered, from the reader's now.
 * @param {Date} from
 * @returns {{label: string, at: Date}[]}
 */
export function offers(from) {
  const day = (days, hour) => new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, hour);
  const toMonday = (8 - from.getDay()) % 7 || 7;
  const today = from.getHours() < AFTERNOON_H ? { label: "this afternoon", at: day(0, AFTERNOON_H) } : { label: "this evening", at: day(0, EVENING_H) };
  return [
    ...(today.at > from ? [today] : []),
    { label: "tomorrow morning", at: day(1, MORNING_H) },
    { label: "in 3 days", at: day(3, MORNING_H) },
    { label: "next Monday", at: day(toMonday, MORNING_H) },
  ];
}

/** @param {{card: import("./store.js").Card}} props */
export function Later({ card }) {
  const all = offers(new Date());
  const ends = new Date(card.expires_at);
  const choose = ({ label, at }) => {
    if (decidable()) later(card, at, label);
  };
  const onKeyDown = (event) => {
    const found = all[Number(event.key) - 1];
    if (!found || found.at >= ends) return;
    event.preventDefault();
    choose(found);
  };
  return html`
    <div class="chips" role="group" aria-label="When it comes back: by number" onKeyDown=${onKeyDown}>
      ${all.map((one, index) => html`
        <button
          type="button" key=${one.label} class="chip tall" data-first=${index === 0 || null} disabled=${one.at >= ends}
          onClick=${() => choose(one)}
        >
          <span>${one.label} <kbd aria-hidden="true">${index + 1}</kbd></span>
          <small>${one.at >= ends ? "after its time is over" : dayAndClock(one.at)}</small>
        </button>
      `)}
    </div>
    <p class="dim">The draft can be answered until ${dayAndClock(ends)}.${ends - Date.now() < 86_400_000 ? ` That is today or tomorrow at ${clock(ends)}.` : ""}</p>
  `;
}
