// What just happened, at the foot of the page, read out once; with the way back while there is one.
import { html, signal, useEffect, useState } from "../vendor.js";
import { left, now } from "../core/time.js";
import { Button } from "./button.js";

/**
 * @typedef {{id: number, text: string, kind: "done" | "failed" | "wait", until?: number, spoken?: string, undo?: () => void, action?: {label: string, run: () => void}}} Notice
 */

/** The newest last. @type {import("../vendor.js").Signal<Notice[]>} */
export const notices = signal([]);

const SHOWN_MAX = 2;
const STAYS_MS = { done: 6_000, wait: 60_000, failed: 15_000 };
let last = 0;

/**
 * Say something. It goes by itself when its time is over.
 * @param {Omit<Notice, "id" | "kind"> & {kind?: Notice["kind"]}} notice
 * @returns {number} Its id, for `amend` and `dismiss`.
 */
export function say(notice) {
  last += 1;
  const kind = notice.kind ?? "done";
  const until = notice.until ?? Date.now() + STAYS_MS[kind];
  notices.value = [...notices.value, { ...notice, kind, until, id: last }];
  return last;
}

/** @param {number} id @param {Partial<Notice>} change */
export function amend(id, change) {
  notices.value = notices.value.map((one) => (one.id === id ? { ...one, ...change } : one));
}

/** @param {number} id */
export function dismiss(id) {
  if (notices.value.some((one) => one.id === id)) notices.value = notices.value.filter((one) => one.id !== id);
}

/** The newest notice that can be undone; none after its window. */
export const undoable = () => notices.value.findLast((one) => one.undo && one.until > Date.now());

/** @param {{keys?: [keys: string, what: string][]}} props The keys of the page, said while there is nothing else to say. */
export function Notices({ keys = [] }) {
  const all = notices.value;
  useEffect(() => {
    if (all.some((one) => one.until <= now.value)) notices.value = all.filter((one) => one.until > now.value);
  }, [now.value, all]);
  const shown = all.slice(-SHOWN_MAX).reverse();
  const newest = undoable();
  const further = all.slice(0, -SHOWN_MAX).filter((one) => one.undo).length;
  return html`
    <footer class=${`notices ${all.length ? "" : "none"}`} aria-label="What just happened">
      ${shown.map((one) => html`<${Line} key=${one.id} notice=${one} newest=${one === newest} />`)}
      ${further > 0 && html`<span class="dim">${further} more can be undone</span>`}
      ${!all.length && html`<span class="dim wide-only">${[...keys, ["?", "all keys"]].map(([each, what], index) => html`${index > 0 && " · "}${each.split(" ").map((one) => html`<kbd>${one}</kbd> `)}${what}`)}</span>`}
    </footer>
    <${ReadOut} />
  `;
}

function Line({ notice, newest }) {
  return html`
    <div class=${`notice ${notice.kind}`}>
      <span class="notice-text" title=${notice.text}>${notice.text}</span>
      ${notice.undo && notice.kind !== "wait" && html`<span class="notice-left" aria-hidden="true">${left(notice.until, now.value)}</span>`}
      ${notice.undo && html`<${Button} keys=${newest ? "u" : ""} onClick=${notice.undo}>Undo<//>`}
      ${notice.action && html`<${Button} onClick=${notice.action.run}>${notice.action.label}<//>`}
      <button type="button" class="quiet small" aria-label=${`Hide: ${notice.text}`} onClick=${() => dismiss(notice.id)}>×</button>
    </div>
  `;
}

/** One polite live region for the whole page: it says each notice once, in order. */
function ReadOut() {
  const [text, setText] = useState("");
  const newest = notices.value.at(-1);
  useEffect(() => {
    if (newest) setText(newest.spoken ?? newest.text);
  }, [newest?.id, newest?.text]);
  return html`<p class="unseen" role="status">${text}</p>`;
}
