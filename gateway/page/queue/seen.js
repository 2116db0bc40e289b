// Which letter its reader has before their eyes. A key or a click is meant for the one that was on the screen when it
// came; where another has taken its place, it does nothing.
import { signal } from "../vendor.js";
import { mute } from "../core/keys.js";
import { say } from "../parts/notices.js";
import { open } from "./store.js";

/** Nobody has looked at a letter in less: what comes sooner is a second tap, or was meant for the one before. */
const LOOK_MS = 200;
const NOTHING = { emailId: "", at: 0, pane: null };

let painted = NOTHING;
/** The id of the letter that can be approved by the next key; empty while it comes to the screen. */
export const ready = signal("");

/**
 * Note when a letter that was just drawn has come to the screen.
 * @param {string} emailId
 * @param {HTMLElement} pane Where it is.
 * @returns {() => void} For when it leaves.
 */
export function behold(emailId, pane) {
  let timer = 0;
  // A frame begins with this, and what waits until after it finds the letter painted.
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(() => {
      painted = { emailId, at: performance.now(), pane };
      timer = setTimeout(() => {
        ready.value = emailId;
      }, LOOK_MS);
    });
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    painted = NOTHING;
    ready.value = "";
  };
}

/**
 * Whether a key or a click was meant for the open letter. Where it was not, the keys after it are not heard either, until
 * there is a pause: they were meant for what the first would have opened.
 * @param {KeyboardEvent | MouseEvent} event
 * @param {{decides?: boolean, inList?: boolean}} [how] Whether it lets the letter out by itself, without another word; and
 *   whether it is about its row, which is on the screen where the letter is not.
 */
export function meant(event, { decides = false, inList = false } = {}) {
  const { emailId, at, pane } = painted;
  const card = open.value;
  if (!card || (!inList && pane?.getClientRects().length === 0)) return false;
  const early = emailId !== card.email_id || event.timeStamp < at + (decides ? LOOK_MS : 0) || event.detail > 1;
  if (!early) return true;
  mute(event);
  say({ text: "That came before this letter was on the screen, so it did nothing. Read it, then decide.", kind: "failed" });
  return false;
}
