// What services gave up: what it was, why, and the command that sends it back or drops it.
import { html } from "../vendor.js";
import { follow } from "../core/router.js";
import { counted, line, who, words } from "../core/text.js";
import { Time } from "../core/time.js";
import { Mark, Standing } from "../parts/mark.js";
import { Rows } from "../parts/rows.js";
import { SERVICES } from "./words.js";

const ID_SHOWN = 8;

/** @param {{page: {items: any[], next: string}, answeredToo: import("../vendor.js").Signal<boolean>}} props */
export function Dead({ page, answeredToo }) {
  const { items, next } = page;
  const waiting = items.filter((one) => one.answer === "waiting");
  return html`
    <label class="check"><input type="checkbox" checked=${answeredToo.value} onChange=${(event) => (answeredToo.value = event.currentTarget.checked)} /> Show those that were answered, too</label>
    ${items.length
      ? html`<${Rows} label="What was given up, the oldest first" columns=${COLUMNS} rows=${items} keyOf=${(one) => one.dead_id} />`
      : html`<p class="nothing"><${Mark} kind="good" /> Nothing waits: no service gave anything up that nobody answered.</p>`}
    ${next && html`<p class="dim">There are more; these are the oldest ${items.length}.</p>`}
    ${waiting.length > 0 && html`
      <p class="dim">Mend the cause first. Then, in a terminal of this machine, send an entry back with the command beside it, or drop it with a reason:</p>
      <pre class="command"><code>swarm dead drop ${short(waiting[0])} --reason "why it needs no answer"</code></pre>
    `}
  `;
}

const short = (one) => line(one.dead_id).slice(0, ID_SHOWN);

/** `lead.sourced.v1` as what the service was told. */
const heard = (type) => words(line(type).replace(/\.v\d+$/, "").replace(".", " "));

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
    word: "What to do",
    kind: "long",
    cell: (one) =>
      one.answer === "waiting"
        ? html`<${Standing} kind="warn">waits<//> <code class="dead-command">swarm dead retry ${short(one)}</code>`
        : html`<${Standing} kind=${one.answer === "retried" ? "taken" : "none"}>${one.answer === "retried" ? "sent back" : "dropped"}<//> <span class="dim">by ${who(one.answered_by)}${one.answer_reason ? `: ${line(one.answer_reason)}` : ""}</span>`,
  },
];
