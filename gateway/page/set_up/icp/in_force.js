// The one that leads are scored by: where it comes from, and its whole file.
import { html } from "../../vendor.js";
import { clean, line, who } from "../../core/text.js";
import { Time } from "../../core/time.js";
import { Section } from "../../parts/paper.js";
import { named, take } from "./store.js";

/** @param {{active: any}} props */
export function InForce({ active }) {
  return html`
    <${Section} title="In force" note="Every lead is scored by this one. Each score names it, so a score that stands stays as it is.">
      <p><strong>${line(named(active))}</strong></p>
      <p>${origin(active)}</p>
      <details class="whole-file">
        <summary>The whole file</summary>
        <pre tabindex="0">${clean(active.text)}</pre>
      </details>
      <button type="button" onClick=${() => take(active.text)}>Change a copy of it</button>
    <//>
  `;
}

function origin({ way, by, at, reason }) {
  if (way === "activated") return html`Activated <${Time} at=${at} form="long" /> by ${who(by)}${reason && `: ${line(reason)}`}`;
  if (way === "file") return html`It is the file that <code>SWARM_MODEL</code> names; nothing was ever activated.`;
  return "It is the shipped one; nothing was ever activated.";
}
