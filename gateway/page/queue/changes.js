// Asking for another text: what the drafter can do, as chips, and words of one's own.
import { html, useRef, useSignal } from "../vendor.js";
import { isSave, MOD } from "../core/keys.js";
import { WISHES } from "../core/words.js";
import { decidable, requestChanges } from "./decide.js";
import { keep, typed } from "./typed.js";

const ALL = Object.keys(WISHES);
const LEAST = 3;

/** @param {{card: import("./store.js").Card}} props */
export function Changes({ card }) {
  const before = typed(card.email_id);
  const chosen = useSignal(new Set(before.wishes ?? []));
  const text = useSignal(before.instruction ?? "");
  const problem = useSignal("");
  const field = useRef(null);

  const toggle = (wish) => {
    const next = new Set(chosen.value);
    if (!next.delete(wish)) next.add(wish);
    chosen.value = next;
    problem.value = "";
    keep(card.email_id, { wishes: [...next] });
  };
  const send = () => {
    const wishes = ALL.filter((one) => chosen.value.has(one));
    const instruction = text.value.trim();
    if (!wishes.length && !instruction) problem.value = "Choose what should change, or say it in words.";
    else if (instruction && instruction.length < LEAST) problem.value = "Say it in a few words, or leave the words out.";
    else if (decidable()) requestChanges(card, wishes, instruction);
  };
  const onKeyDown = (event) => {
    const inField = event.target === field.current;
    const wish = event.ctrlKey || event.metaKey || event.altKey ? undefined : ALL[Number(event.key) - 1];
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
        ${ALL.map((one, index) => html`
          <button type="button" key=${one} class="chip" data-first=${index === 0 || null} aria-pressed=${chosen.value.has(one)} aria-keyshortcuts=${index + 1} onClick=${() => toggle(one)}>
            ${WISHES[one]} <kbd aria-hidden="true">${index + 1}</kbd>
          </button>
        `)}
      </div>
      <p class="dim">Each changes what it names and leaves the rest, where it can.</p>
      <label for="instruction">In your words, if you like</label>
      <textarea id="instruction" ref=${field} rows="2" maxlength="2000" value=${text.value} onInput=${onInput}></textarea>
      <div class="row">
        <button class="main">Ask for changes <kbd aria-hidden="true">${MOD}+Enter</kbd></button>
        <span class="dim">The new version comes back into the queue.</span>
      </div>
      <p class="form-problem" role="alert">${problem.value}</p>
    </form>
  `;
}
