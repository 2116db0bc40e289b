// What opens below a letter: reject, ask for changes, later, comment, and the reason that lets a failed check pass.
import { html, useLayoutEffect, useRef } from "../vendor.js";
import { claim, release } from "./claims.js";
import { Changes } from "./changes.js";
import { Comment } from "./comment.js";
import { Later } from "./later.js";
import { Override } from "./override.js";
import { Reject } from "./reject.js";
import { panel } from "./store.js";

const KINDS = {
  reject: { title: "Reject", form: Reject, claims: true },
  changes: { title: "Ask for changes", form: Changes, claims: true },
  later: { title: "Later", form: Later },
  comment: { title: "Comment", form: Comment },
  override: { title: "Approve although a check failed", form: Override, claims: true },
};

/** Close the panel; what was typed is kept. */
export function closePanel() {
  panel.value = "";
}

/** @param {{card: import("./store.js").Card}} props */
export function Panel({ card }) {
  const { title, form, claims } = KINDS[panel.value];
  const box = useRef(null);
  // Before the next key: who types fast must not lose one.
  useLayoutEffect(() => {
    const before = document.activeElement;
    if (claims) claim(card.email_id);
    box.current.querySelector("[data-first]")?.focus();
    return () => {
      if (claims) release();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const onKeyDown = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      closePanel();
    } else if (event.key === "Tab") {
      keepInside(event, box.current);
    }
  };
  return html`
    <div class="panel" ref=${box} role="dialog" aria-label=${title} data-own-keys onKeyDown=${onKeyDown}>
      <header class="panel-head">
        <h2>${title}</h2>
        <button type="button" class="quiet" onClick=${closePanel}>Back <kbd aria-hidden="true">Esc</kbd></button>
      </header>
      <${form} card=${card} />
    </div>
  `;
}

function keepInside(event, box) {
  const stops = [...box.querySelectorAll("button, input, textarea, select")].filter((one) => !one.disabled && one.tabIndex >= 0);
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey ? document.activeElement === first : document.activeElement === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
