// One answer to many: the list is shown first, and what became of each afterwards.
import { html, useSignal } from "../vendor.js";
import { command, newKey, Problem } from "../core/api.js";
import { session } from "../core/session.js";
import { counted, line, shown } from "../core/text.js";
import { Dialog } from "../parts/dialog.js";
import { dismiss, say } from "../parts/notices.js";
import { goesOut } from "./decide.js";
import { renew } from "./live.js";
import { keepReason, lastReasons } from "./reasons_kept.js";
import { answered, cards, loadStatus, marked, take } from "./store.js";
import { TAGS } from "./tags.js";

const REASON_MIN = 3;

/** @param {{what: "approve" | "reject", onClose: () => void}} props */
export function Many({ what, onClose }) {
  const chosen = useSignal(cards.value.filter((one) => marked.value.has(one.email_id)));
  const results = useSignal(null);
  const problem = useSignal("");
  const busy = useSignal(false);
  const key = useSignal(newKey());
  const failing = what === "approve" ? chosen.value.filter((one) => !one.verdict.passed) : [];
  const able = chosen.value.filter((one) => !failing.includes(one));
  const verb = what === "approve" ? "Approve" : "Reject";

  const onSubmit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const reason = String(form.get("reason") ?? "").trim();
    if (what === "reject" && reason.length < REASON_MIN) {
      problem.value = "Say why in a few words.";
      return;
    }
    const items = able.map((one) => ({ email_id: one.email_id, expected_version: one.draft_version, content_hash: one.content_hash }));
    busy.value = true;
    problem.value = "";
    try {
      const { data, position } = await command(`/api/bulk/${what}`, what === "reject" ? { items, tag: form.get("tag"), reason } : { items }, { key: key.value });
      if (what === "reject") keepReason(reason);
      results.value = data;
      const done = new Set(data.results.filter((one) => one.receipt).map((one) => one.email_id));
      for (const one of items.filter(({ email_id: id }) => done.has(id))) {
        answered.set(one.email_id, one.expected_version);
        take(one.email_id);
      }
      marked.value = new Set();
      tell(what, items.filter((one) => done.has(one.email_id)), items.length);
      loadStatus(position);
      if (data.done === items.length) onClose();
      else renew(position);
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      problem.value = failed.sentence;
    }
    busy.value = false;
  };

  if (results.value) return html`<${Results} results=${results.value} chosen=${chosen.value} verb=${verb} onClose=${onClose} />`;
  return html`
    <${Dialog} title=${`${verb} ${counted(able.length, "letter")}`} onClose=${onClose} wide>
      <form class="stack" onSubmit=${onSubmit}>
        <ul class="many-list" tabindex="0" aria-label="The letters">
          ${able.map((one) => html`<li key=${one.email_id}><strong>${shown(one.card.name, "Name hidden")}</strong>, ${line(one.card.company)}<span class="dim"> · ${shown(one.content.subject, "subject hidden")}</span></li>`)}
        </ul>
        ${failing.length > 0 && html`<p class="said warn">${counted(failing.length, "letter")} failed a check and ${failing.length === 1 ? "is" : "are"} left out: ${failing.map((one) => line(one.card.company)).join(", ")}. Approve ${failing.length === 1 ? "it" : "them"} one by one, with a reason.</p>`}
        ${what === "reject" && html`
          <label for="many-tag">What is wrong</label>
          <select id="many-tag" name="tag" data-first>${TAGS.map((one) => html`<option key=${one.tag} value=${one.tag}>${one.label}: ${one.meaning}</option>`)}</select>
          <label for="many-reason">Reason, the same for all</label>
          <input id="many-reason" name="reason" maxlength="2000" list="many-reasons" autocomplete="off" />
          <datalist id="many-reasons">${lastReasons().map((one) => html`<option key=${one} value=${one}></option>`)}</datalist>
        `}
        <p class="form-problem" role="alert">${problem.value}</p>
        <div class="row">
          <button class=${what === "reject" ? "danger" : "main"} data-first=${what === "approve" || null} disabled=${busy.value || able.length === 0}>${verb} ${counted(able.length, "letter")}</button>
          <button type="button" class="quiet" onClick=${onClose}>Cancel</button>
        </div>
      </form>
    <//>
  `;
}

/** Say what was done; an approval of many is taken back as one. */
function tell(what, done, count) {
  const windowS = what === "approve" && done.length ? (session.value.undo_window_s ?? 0) : 0;
  const text = `${what === "approve" ? "Approved" : "Rejected"}: ${done.length} of ${count}${windowS ? `, ${goesOut()}` : "."}`;
  if (!windowS) {
    say({ text });
    return;
  }
  const notice = say({
    text,
    until: Date.now() + windowS * 1000,
    spoken: `${text} ${windowS} seconds. Press u to undo.`,
    undo: () => {
      dismiss(notice);
      takeBack(done);
    },
  });
}

async function takeBack(items) {
  const wait = say({ text: `Taking back: ${counted(items.length, "approval")} …`, kind: "wait" });
  try {
    const { data, position } = await command("/api/bulk/revoke", { items: items.map(({ email_id, expected_version }) => ({ email_id, expected_version })) });
    const late = data.results.filter((one) => !one.receipt);
    for (const one of data.results) if (one.receipt) answered.delete(one.email_id);
    await renew(position);
    loadStatus(position);
    dismiss(wait);
    say({
      text: late.length
        ? `Taken back: ${data.done} of ${items.length}. ${counted(late.length, "approval stands", "approvals stand")}: ${line(late[0].problem?.detail)}`
        : `Taken back: ${counted(data.done, "letter waits", "letters wait")} again.`,
      kind: late.length ? "failed" : "done",
    });
  } catch (failed) {
    dismiss(wait);
    if (!(failed instanceof Problem)) throw failed;
    say({ text: `Not known to be taken back. ${failed.sentence}`, kind: "failed" });
  }
}

function Results({ results, chosen, verb, onClose }) {
  const of = (id) => chosen.find((one) => one.email_id === id);
  return html`
    <${Dialog} title=${`${results.done} of ${results.results.length} done`} onClose=${onClose} wide>
      <ul class="many-list" tabindex="0" aria-label="What became of each">
        ${results.results.map((one) => html`
          <li key=${one.email_id} class=${one.receipt ? "" : "failed"}>
            <span aria-hidden="true">${one.receipt ? "✓" : "✕"}</span> <strong>${shown(of(one.email_id)?.card.name, "Name hidden")}</strong>:
            ${one.receipt ? ` ${verb.toLowerCase()}${verb.endsWith("e") ? "d" : "ed"}` : ` ${line(one.problem?.detail)} ${line(one.problem?.remedy)}`}
          </li>
        `)}
      </ul>
      <div class="row"><button type="button" class="main" data-first onClick=${onClose}>Done</button></div>
    <//>
  `;
}
