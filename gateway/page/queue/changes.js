// Asking for another text: what the drafter can do, as chips, and words of one's own.
import { html, useRef, useSignal } from "../vendor.js";
import { isSave, MOD } from "../core/keys.js";
import { decidable, requestChanges } from "./decide.js";
import { keep, typed } from "./typed.js";

// Worded as the drafter reads them.
const WISHES = [
  { label: "Other angle", words: "Take another angle." },
  { label: "Shorter", words: "Make it shorter." },
  { label: "Softer ask", words: "Make the ask softer, less pushy." },
  { label: "Other fact", words: "Open with a different fact." },
  { label: "Other subject", words: "Write another subject." },
];
const LEAST = 3;

/** @param {{card: import("./store.js").Card}} props */
export function Changes({ card }) {
  const chosen = useSignal(new Set());
  const text = useSignal(typed(card.email_id).instruction ?? "");
  const problem = useSignal("");
  const field = useRef(null);

  const toggle = (wish) => {
    const next = new Set(chosen.value);
    if (!next.delete(wish)) next.add(wish);
    chosen.value = next;
    problem.value = "";
  };
  const send = () => {
    const instruction = [...WISHES.filter((one) => chosen.value.has(one)).map((one) => one.words), text.value.trim()].filter(Boolean).join(" ");
    if (instruction.length < LEAST) problem.value = "Choose what should change, or say it in words.";
    else if (decidable()) requestChanges(card, instruction);
  };
  const onKeyDown = (event) => {
    const inField = event.target === field.current;
    const wish = WISHES[Number(event.key) - 1];
    if (isSave(event) || (event.key === "Enter" && !inField && event.target.type !== "submit" && chosen.value.size > 0)) {
      event.preventDefault();
      send();
    } else if (wish && !inField) {
      event.preventDefault();
      toggle(wish);
    }
  };
  const onSubmit = (event) => {
    event.preventDefault();
    send();
  };
  const onInput = (event) => {
    text.value = event.currentTarget.value;
    keep(card.email_id, { instruction: text.value });
  };

  return html`
    <form onSubmit=${onSubmit} onKeyDown=${onKeyDown} class="stack">
      <div class="chips" role="group" aria-label="What should change: by number">
        ${WISHES.map((one, index) => html`
          <button type="button" key=${one.label} class="chip" data-first=${index === 0 || null} aria-pressed=${chosen.value.has(one)} onClick=${() => toggle(one)}>
            ${one.label} <kbd aria-hidden="true">${index + 1}</kbd>
          </button>
        `)}
      </div>
      <label for="instruction">In your words, if you like</label>
      <textarea id="instruction" ref=${field} rows="2" maxlength="1800" value=${text.value} onInput=${onInput}></textarea>
      <div class="row">
        <button class="main">Ask for changes <kbd aria-hidden="true">${MOD}+Enter</kbd></button>
        <span class="dim">The new version comes back into the queue.</span>
      </div>
      <p class="form-problem" role="alert">${problem.value}</p>
    </form>
  `;
}
