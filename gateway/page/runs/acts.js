// What can be done about a run: let it go on, end it, or take back what it brought.
import { html, useSignal } from "../vendor.js";
import { counted } from "../core/text.js";
import { Because } from "../parts/because.js";
import { say } from "../parts/notices.js";
import { nameOf, OVER } from "./words.js";

/** @param {{run: any, onDone: (position: string) => void}} props */
export function Acts({ run, onDone }) {
  const open = useSignal("");
  const close = () => {
    open.value = "";
  };
  const done = (text) => (position) => {
    say({ text });
    onDone(position);
  };
  const path = `/api/runs/${encodeURIComponent(run.run_id)}`;
  const name = nameOf(run);
  const sent = run.stages.find((one) => one.stage === "send")?.out ?? 0;
  const held = run.stages.reduce((sum, one) => sum + one.held, 0);
  return html`
    ${run.status === "stopped" && html`<button type="button" class="main" onClick=${() => (open.value = "resume")}>Resume …</button>`}
    ${!OVER.has(run.status) && html`<button type="button" onClick=${() => (open.value = "cancel")}>Cancel …</button>`}
    ${run.status !== "withdrawn" && html`<button type="button" class="danger" onClick=${() => (open.value = "withdraw")}>Withdraw …</button>`}
    ${open.value === "resume" && html`
      <${Because} title="Resume the run" path=${`${path}/resume`} verb="Resume it" reason="" onClose=${close} onDone=${done(`Resumed: ${name}.`)}>
        <p>It goes on where it stopped${held ? `, and ${counted(held, "lead that is held is", "leads that are held are")} let go` : ""}. If what stopped it still holds, it stops again.</p>
      <//>
    `}
    ${open.value === "cancel" && html`
      <${Because} title="Cancel the run" path=${`${path}/cancel`} verb="Cancel the run" onClose=${close} onDone=${done(`Cancelled: ${name}.`)}>
        <p>No further row is taken, and its leads stay where they are. Drafts that wait can still be answered. It cannot be resumed.</p>
      <//>
    `}
    ${open.value === "withdraw" && html`
      <${Because} title="Withdraw the run" path=${`${path}/withdraw`} verb="Withdraw it" onClose=${close} onDone=${done(`Withdrawn: ${name}. What it brought leaves every queue.`)}>
        <p>This takes back what the run brought:</p>
        <ul class="points-list">
          <li>The leads it brought go no further.</li>
          <li>${run.waiting ? `${counted(run.waiting, "draft", "drafts")} that ${run.waiting === 1 ? "waits leaves" : "wait leave"} the queue.` : "No draft of it waits now; none will come."}</li>
          <li>What was approved and is not sent yet is taken back, too.</li>
          <li>${sent ? `${counted(sent, "mail")} already sent cannot be taken back.` : "Nothing of it was sent."}</li>
        </ul>
        <p>It cannot be undone; the same file can be brought again.</p>
      <//>
    `}
  `;
}
