// Approving a text that failed a check: which, and why it may go out all the same.
import { html, useSignal } from "../vendor.js";
import { line } from "../core/text.js";
import { approve, decidable, heldUp } from "./decide.js";
import { ruleWords } from "./rules.js";

const REASON_MIN = 3;

/** @param {{card: import("./store.js").Card}} props */
export function Override({ card }) {
  const reason = useSignal("");
  const problem = useSignal("");
  const failed = card.verdict.results.filter((one) => !one.passed);
  const onSubmit = (event) => {
    event.preventDefault();
    const text = reason.value.trim();
    if (text.length < REASON_MIN) {
      problem.value = "Say why it may go out all the same.";
      return;
    }
    if (!decidable()) return;
    approve(card, { ...heldUp(card), override_reason: text });
  };
  return html`
    <form class="stack" onSubmit=${onSubmit}>
      <ul class="failed-checks">
        ${failed.map((one) => html`<li key=${one.rule}><strong>${ruleWords(one.rule)}.</strong> ${line(one.found)}</li>`)}
      </ul>
      <label for="override">Why it may go out all the same; it is recorded with your name</label>
      <div class="row">
        <input id="override" data-first value=${reason.value} maxlength="2000" autocomplete="off" onInput=${(event) => (reason.value = event.currentTarget.value)} />
        <button class="danger">Approve anyway <kbd aria-hidden="true">Enter</kbd></button>
      </div>
      <p class="form-problem" role="alert">${problem.value}</p>
    </form>
  `;
}
