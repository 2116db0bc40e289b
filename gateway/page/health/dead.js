// What services gave up: what it was, why, and the answers that send it back or drop it.
import { html, useSignal } from "../vendor.js";
import { command, Problem } from "../core/api.js";
import { called } from "../core/facts.js";
import { follow } from "../core/router.js";
import { may } from "../core/session.js";
import { counted, line, who } from "../core/text.js";
import { clock, Time } from "../core/time.js";
import { Because } from "../parts/because.js";
import { Mark, Standing } from "../parts/mark.js";
import { say } from "../parts/notices.js";
import { Rows } from "../parts/rows.js";
import { SERVICES } from "./words.js";

/** @param {{page: {items: any[], next: string}, answeredToo: import("../vendor.js").Signal<boolean>, onAnswered: () => void}} props */
export function Dead({ page, answeredToo, onAnswered }) {
  const { items, next } = page;
  const dropping = useSignal(null);
  const busy = useSignal("");
  const answered = (one, what, { status, by }) => {
    say({ text: status === "repeated" ? `${nameOf(one)}: ${who(by)} ${DID[what]} before.` : `${nameOf(one)}: ${DONE[what]}` });
    onAnswered();
  };
  const retry = async (one) => {
    busy.value = one.dead_id;
    try {
      const { data } = await command(`/api/dead-letters/${encodeURIComponent(one.dead_id)}/retry`);
      answered(one, "retried", data);
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      say({ text: `${nameOf(one)}: ${wordsOf(failed)}`, kind: "failed" });
      if (failed.status === 409 || failed.status === 404) onAnswered();
    }
    busy.value = "";
  };
  const acts = (one) =>
    one.answer === "waiting" && html`
      <span class="acts">
        <button type="button" class="small" aria-label=${`Try again: ${nameOf(one)}`} disabled=${busy.value === one.dead_id} onClick=${() => retry(one)}>Try again</button>
        <button type="button" class="small" aria-label=${`Drop: ${nameOf(one)}`} onClick=${() => (dropping.value = one)}>Drop …</button>
      </span>
    `;
  return html`
    <label class="check"><input type="checkbox" checked=${answeredToo.value} onChange=${(event) => (answeredToo.value = event.currentTarget.checked)} /> Show those that were answered, too</label>
    ${items.length
      ? html`<${Rows} label="What was given up, the oldest first" columns=${may("run") ? [...COLUMNS, { word: "Answer", kind: "acts", cell: acts }] : COLUMNS} rows=${items} keyOf=${(one) => one.dead_id} />`
      : html`<p class="nothing"><${Mark} kind="good" /> Nothing waits: no service gave anything up that nobody answered.</p>`}
    ${next && html`<p class="dim">There are more; these are the oldest ${items.length}.</p>`}
    ${items.some((one) => one.answer === "waiting") && html`<p class="dim">${may("run") ? "Mend the cause first; then have it tried again. Drop what needs no answer any more." : "Operators and admins answer these: they have one tried again, or drop it with a reason."}</p>`}
    ${dropping.value && html`<${Drop} one=${dropping.value} onClose=${() => (dropping.value = null)} onDone=${answered} />`}
  `;
}

function Drop({ one, onClose, onDone }) {
  return html`
    <${Because} title=${`Drop what the ${nameOf(one).toLowerCase()} gave up`} path=${`/api/dead-letters/${encodeURIComponent(one.dead_id)}/drop`} verb="Drop it" hint="It is recorded with your name." conflict=${wordsOf} onClose=${onClose} onDone=${(_, data) => onDone(one, "dropped", data)}>
      <p>“${heard(one.entry_type)}” is never done then. It cannot be tried again.</p>
    <//>
  `;
}

const nameOf = (one) => SERVICES[one?.service]?.word ?? line(one?.service);
const DONE = { retried: "it is tried again. If it fails once more, it comes back here.", dropped: "dropped." };
const DID = { retried: "had it tried again", dropped: "dropped it" };

/** What a refusal says, with who was first. @param {Problem} problem */
function wordsOf(problem) {
  const { who: by, what, when } = problem.values;
  if (problem.status === 409 && by) return `${who(by)} ${DID[what] ?? "answered it"} at ${clock(when)}. Your answer was not recorded.`;
  return problem.sentence;
}

/** What the service was told. */
const heard = (type) => called(type).toLowerCase();

const COLUMNS = [
  {
    word: "What",
    cell: (one) => html`
      <strong>${SERVICES[one.service]?.word ?? line(one.service)}</strong> failed on “${heard(one.entry_type)}”
      <span class="dim small dead-where">place ${line(one.position)}${one.run_id && html` · <a href=${`/runs/${encodeURIComponent(one.run_id)}`} onClick=${follow}>its run</a>`}</span>
    `,
  },
  { word: "Why", cell: (one) => html`${line(one.reason)} <span class="dim">after ${counted(one.attempts, "attempt")}</span>` },
  { word: "When", cell: (one) => html`<${Time} at=${one.died_at} />` },
  {
    word: "Stands",
    kind: "long",
    cell: (one) =>
      one.answer === "waiting"
        ? html`<${Standing} kind="warn">waits<//>`
        : html`<${Standing} kind=${one.answer === "retried" ? "taken" : "none"}>${one.answer === "retried" ? "sent back" : "dropped"}<//> <span class="dim">by ${who(one.answered_by)}${one.answer_reason ? `: ${line(one.answer_reason)}` : ""}</span>`,
  },
];
