// Rejecting: one of twelve tags by letter or number, then a reason. The next draft learns from both.
import { html, useRef, useSignal } from "../vendor.js";
import { isSave } from "../core/keys.js";
import { decidable, reject } from "./decide.js";
import { keepReason, lastReasons } from "./reasons_kept.js";
import { numberOf, TAGS } from "./tags.js";
import { keep, typed } from "./typed.js";

const REASON_MIN = 3;

/** @param {{card: import("./store.js").Card}} props */
export function Reject({ card }) {
  const before = typed(card.email_id);
  const tag = useSignal(before.tag ?? "");
  const reason = useSignal(before.reason ?? "");
  const problem = useSignal("");
  const field = useRef(null);
  const chosen = TAGS.find((one) => one.tag === tag.value);

  const choose = (one, { goOn = false } = {}) => {
    tag.value = one.tag;
    problem.value = "";
    keep(card.email_id, { tag: one.tag });
    if (goOn) field.current.focus();
  };
  const say = (text) => {
    reason.value = text;
    keep(card.email_id, { reason: text });
  };
  const send = () => {
    const text = reason.value.trim();
    if (!chosen) problem.value = "Choose what is wrong first.";
    else if (text.length < REASON_MIN) problem.value = "Say why in a few words; the drafter learns from them.";
    else if (decidable()) {
      keepReason(text);
      reject(card, chosen.tag, text, chosen.label.toLowerCase());
    }
  };
  const onTagKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const found = TAGS.find((one, index) => one.key === event.key.toLowerCase() || (numberOf(index) && numberOf(index) === event.key));
    if (!found && event.key !== "Enter") return;
    event.preventDefault();
    if (found) choose(found, { goOn: true });
    else if (chosen) field.current.focus();
  };
  const onSubmit = (event) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event) => {
    if (!isSave(event)) return;
    event.preventDefault();
    send();
  };

  return html`
    <form onSubmit=${onSubmit} onKeyDown=${onKeyDown} class="stack">
      <fieldset class="tags" onKeyDown=${onTagKey}>
        <legend>What is wrong: first letter or number</legend>
        ${TAGS.map((one, index) => html`
          <label key=${one.tag} class="pick tag" title=${one.meaning}>
            <input
              type="radio" name="tag" value=${one.tag} checked=${tag.value === one.tag}
              data-first=${(chosen ? one === chosen : index === 0) || null} onChange=${() => choose(one)}
            />
            <span><b>${one.label[0]}</b>${one.label.slice(1)}</span> <kbd aria-hidden="true">${numberOf(index)}</kbd>
          </label>
        `)}
      </fieldset>
      <label for="reason">Reason${chosen && html`<span class="dim"> · ${chosen.meaning}</span>`}</label>
      <div class="row">
        <input id="reason" ref=${field} value=${reason.value} maxlength="2000" autocomplete="off" onInput=${(event) => say(event.currentTarget.value)} />
        <button class="danger">Reject <kbd aria-hidden="true">Enter</kbd></button>
      </div>
      ${lastReasons().length > 0 && html`
        <div class="chips" role="group" aria-label="Your last reasons">
          ${lastReasons().map((one) => html`<button type="button" key=${one} class="chip" onClick=${() => { say(one); field.current.focus(); }}>${one}</button>`)}
        </div>
      `}
      <p class="form-problem" role="alert">${problem.value}</p>
    </form>
  `;
}
