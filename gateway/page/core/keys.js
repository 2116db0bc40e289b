// Keys without modifiers, for the page as a whole; none fires while somebody types or a dialog is open.
import { tinykeys } from "../vendor.js";

const FIELDS = "input, textarea, select, [contenteditable], [data-own-keys], dialog[open]";

const GO_WITHIN_MS = 1_000;
const PAUSE_MS = 400;

let mutedUntil = 0;

/** Hear no key after this one, until there was a pause. @param {Event} event */
export const mute = (event) => {
  mutedUntil = event.timeStamp + PAUSE_MS;
};

function muted(event) {
  if (event.timeStamp >= mutedUntil) return false;
  mute(event);
  return true;
}

const busy = (event) =>
  event.isComposing ||
  event.defaultPrevented ||
  (event.target instanceof Element && event.target.closest(FIELDS) !== null) ||
  document.querySelector("dialog[open]") !== null;

/**
 * Let keys act until the returned function is called.
 * @param {Record<string, (event: KeyboardEvent) => void>} bindings As tinykeys writes them; sequences come first.
 * @param {Set<string>} [held] Keys that act again while they are held down.
 */
export function listen(bindings, held = new Set()) {
  return tinykeys(window, bindings, {
    ignore: (event) => busy(event) || muted(event) || (event.repeat && !held.has(event.key)),
  });
}

/**
 * Let `g` and then a letter go somewhere. The letter after `g` does nothing else, whether it leads anywhere or not:
 * who mistypes `g a` must not have approved anything.
 * @param {(letter: string) => void} goes
 */
export function listenForGo(goes) {
  let since = -GO_WITHIN_MS;
  const onKey = (event) => {
    if (busy(event) || muted(event) || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return;
    const second = event.timeStamp - since < GO_WITHIN_MS;
    since = !second && event.key === "g" ? event.timeStamp : -GO_WITHIN_MS;
    if (!second) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    goes(event.key);
  };
  addEventListener("keydown", onKey, true);
  return () => removeEventListener("keydown", onKey, true);
}

/** Enter and the space bar belong to what has the focus, if that is a control. */
export const onControl = (event) => event.target instanceof Element && event.target.closest("a, button, summary") !== null;

export const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? "Cmd" : "Ctrl";

/** Whether this is Ctrl+Enter, or Cmd+Enter on a Mac. */
export const isSave = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey);
