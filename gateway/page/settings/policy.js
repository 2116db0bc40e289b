// What may leave this machine: the phase, and each gate as it stands. It is read here and changed nowhere yet.
import { html, useEffect } from "../vendor.js";
import { get } from "../core/api.js";
import { loaded, useLoaded } from "../core/loaded.js";
import { PHASES } from "../core/rights.js";
import { capital, counted, line, words } from "../core/text.js";
import { whenTold } from "../core/told.js";
import { GATES } from "../core/words.js";
import { Standing } from "../parts/mark.js";
import { Section } from "../parts/paper.js";
import { Bones, Stale, Trouble } from "../parts/trouble.js";

const STANDINGS = new Map([
  [true, ["good", "open"]],
  [false, ["none", "closed"]],
  [null, ["wait", "depends on the letter"]],
]);

const view = loaded(async () => (await get("/api/policy")).data);

export function Policy() {
  useLoaded(view);
  useEffect(() => whenTold((fact) => fact.type.startsWith("policy."), () => view.load()), []);
  const known = view.data.value;
  return html`
    <${Section} title="What may leave this machine" note="Every letter has to pass all of these gates, in this order. This version can be read here, not changed.">
      <${Stale} view=${view} />
      ${known
        ? html`<${Known} policy=${known} />`
        : view.problem.value
          ? html`<${Trouble} problem=${view.problem.value} what="The policy" onAgain=${view.load} />`
          : html`<${Bones} words="Loading the policy" />`}
    <//>
  `;
}

function Known({ policy }) {
  const [phase, means] = (PHASES[policy.phase] ?? line(policy.phase)).split(": ");
  return html`
    <dl class="facts-list">
      <div><dt>Phase</dt><dd><strong>${phase}</strong>${means && `: ${means}`}</dd></div>
      <div><dt>Sending</dt><dd>${policy.halted ? html`<${Standing} kind="warn">halted<//> ${line(policy.halt_reason)}` : html`<${Standing} kind="good">not halted<//>`}</dd></div>
      <div><dt>Undo</dt><dd>An approval can be taken back for ${policy.undo_window_s < 120 ? counted(policy.undo_window_s, "second") : counted(Math.round(policy.undo_window_s / 60), "minute")}.</dd></div>
      <div><dt>Silence</dt><dd>A draft that nobody answers for ${counted(policy.review_expires_h, "hour")} expires. Silence is no consent.</dd></div>
    </dl>
    <ol class="gates">
      ${policy.gates.map((gate) => {
        const [kind, word] = STANDINGS.get(gate.open) ?? STANDINGS.get(null);
        return html`
          <li key=${gate.gate}>
            <span class="gate-name">${capital(GATES[gate.gate] ?? words(gate.gate))}</span>
            <${Standing} kind=${kind}>${word}<//>
            <span class="dim">${line(gate.words)}</span>
          </li>
        `;
      })}
    </ol>
  `;
}
