// A word to the other reviewers about a letter; the recipient never sees it.
import { html, useSignal } from "../vendor.js";
import { command, Problem } from "../core/api.js";
import { isSave, MOD } from "../core/keys.js";
import { say } from "../parts/notices.js";
import { named } from "./decide.js";
import { refresh } from "./live.js";
import { panel } from "./store.js";
import { keep, typed } from "./typed.js";

/** @param {{card: import("./store.js").Card}} props */
export function Comment({ card }) {
  const text = useSignal(typed(card.email_id).comment ?? "");
  const problem = useSignal("");
  const send = async () => {
    if (!text.value.trim()) {
      problem.value = "Write something first.";
      return;
    }
    try {
      const { position } = await command(`/api/emails/${card.email_id}/comment`, { text: text.value.trim() });
      keep(card.email_id, { comment: undefined });
      panel.value = "";
      await refresh(card.email_id, position);
      say({ text: `Commented on the letter to ${named(card)}.` });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      problem.value = `Not recorded; your text is kept. ${failed.sentence}`;
    }
  };
  const onKeyDown = (event) => {
    if (!isSave(event)) return;
    event.preventDefault();
    send();
  };
  const onSubmit = (event) => {
    event.preventDefault();
    send();
  };
  const onInput = (event) => {
    text.value = event.currentTarget.value;
    keep(card.email_id, { comment: text.value });
  };
  return html`
    <form class="stack" onSubmit=${onSubmit} onKeyDown=${onKeyDown}>
      <label for="comment">For the other reviewers; the recipient never sees it</label>
      <textarea id="comment" data-first rows="2" maxlength="2000" value=${text.value} onInput=${onInput}></textarea>
      <div class="row"><button class="main">Comment <kbd aria-hidden="true">${MOD}+Enter</kbd></button></div>
      <p class="form-problem" role="alert">${problem.value}</p>
    </form>
  `;
}
