// The queue: read, understand why, decide, next.
import { html, signal, useEffect } from "../vendor.js";
import { feedState } from "../core/feed.js";
import { listen, onControl } from "../core/keys.js";
import { reached, session } from "../core/session.js";
import { readWhy } from "../leads/store.js";
import { approveOpen, openPanel } from "./actions.js";
import { decidable, undoLast } from "./decide.js";
import { Empty, Failed } from "./empty.js";
import { Letter } from "./letter.js";
import { List, ListSkeleton } from "./list.js";
import { follow, refresh, renew } from "./live.js";
import { Many } from "./many.js";
import { historyOpen, Reasons } from "./reasons.js";
import { meant } from "./seen.js";
import { cards, load, loadStatus, marked, move, open, openId, panel, phase, settle, settled, take, toggleMark, unused } from "./store.js";
import { Toolbar } from "./toolbar.js";

/** On a narrow screen either the list is shown or the letter. */
const reading = signal(false);
const many = signal("");

const RETRY_MS = 3_000;
const STAY_MS = 120;

export function Queue() {
  const card = open.value;
  useEffect(() => {
    renew();
    loadStatus();
    const ends = [follow(), listenForQueue()];
    return () => ends.forEach((end) => end());
  }, [session.value.login]);
  useEffect(() => {
    document.title = `${cards.value.length ? `(${cards.value.length}) ` : ""}Queue · Alpha Swarm`;
  }, [cards.value.length]);
  // What only the single card has is looked up when somebody stays on it.
  useEffect(() => {
    const reads = openId.value;
    if (!reads) return undefined;
    const timer = setTimeout(() => openId.value === reads && refresh(reads), STAY_MS);
    return () => clearTimeout(timer);
  }, [openId.value]);
  useEffect(() => {
    if (phase.value !== "failed") return undefined;
    const timer = setInterval(() => load(), RETRY_MS);
    return () => clearInterval(timer);
  }, [phase.value, reached.value, feedState.value]);
  useEffect(() => {
    if (!card) reading.value = false;
  }, [card === null]);

  const openLetter = (emailId) => {
    leaveSettled(emailId);
    openId.value = emailId;
    reading.value = true;
  };
  if (phase.value === "failed") return html`<${Failed} />`;
  return html`
    <div class=${`queue ${reading.value ? "reading" : "choosing"} ${panel.value === "edit" ? "editing" : ""}`}>
      <h1 class="unseen">Queue</h1>
      ${(card || !unused.value) && html`<${Toolbar} onMany=${startMany} />`}
      ${phase.value === "loading"
        ? html`<${ListSkeleton} /><div class="letter-pane bones" aria-hidden="true"><i></i><i></i><i></i></div>`
        : card
          ? html`
              <${List} onOpen=${openLetter} />
              <${Letter} card=${card} onBack=${() => (reading.value = false)}><div class="folded"><${Reasons} card=${card} /></div><//>
              <div class="beside" tabindex="0" role="group" aria-label="Reasons"><${Reasons} card=${card} /></div>
            `
          : html`<${Empty} />`}
      ${many.value && html`<${Many} what=${many.value} onClose=${() => (many.value = "")} />`}
    </div>
  `;
}

function startMany(what) {
  if (marked.value.size > 0) many.value = what;
}

/** A letter that somebody else decided goes once its reader leaves it. */
function leaveSettled(to) {
  const from = openId.value;
  if (from !== to && settled.value.has(from)) take(from);
}

function step(by) {
  const from = openId.value;
  panel.value = "";
  move(by);
  if (openId.value !== from) {
    if (settled.value.has(from)) take(from);
  } else if (settled.value.has(from)) {
    settle(from, null);
    take(from);
  }
}

function listenForQueue() {
  const plain = (act) => (event) => {
    event.preventDefault();
    act(event);
  };
  return listen(
    {
      j: plain(() => step(1)),
      k: plain(() => step(-1)),
      ArrowDown: plain(() => step(1)),
      ArrowUp: plain(() => step(-1)),
      Enter: (event) => {
        if (onControl(event)) return;
        event.preventDefault();
        reading.value = true;
        document.querySelector(".letter-scroll")?.focus();
      },
      Escape: plain(() => {
        if (panel.value) {
          panel.value = "";
          return;
        }
        reading.value = false;
        document.querySelector(".list")?.focus();
      }),
      a: plain(approveOpen),
      e: plain((event) => openPanel("edit", event)),
      r: plain((event) => openPanel("reject", event)),
      c: plain((event) => openPanel("changes", event)),
      s: plain((event) => openPanel("later", event)),
      m: plain((event) => openPanel("comment", event)),
      u: plain(undoLast),
      x: plain((event) => meant(event, { inList: true }) && decidable() && toggleMark(openId.value)),
      "Shift+A": plain(() => startMany("approve")),
      "Shift+R": plain(() => startMany("reject")),
      w: plain((event) => {
        if (meant(event)) readWhy(open.value.lead_id);
      }),
      h: plain(() => {
        historyOpen.value = !historyOpen.value;
      }),
      f: plain(() => dispatchEvent(new Event("queue:filters"))),
      "/": plain(() => document.getElementById("search")?.focus()),
    },
    new Set(["j", "k", "ArrowDown", "ArrowUp"]),
  );
}
