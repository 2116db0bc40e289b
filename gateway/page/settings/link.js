// A link that lets somebody in once: made on demand, shown once, and for how long it is still good.
import { html, useSignal } from "../vendor.js";
import { command, Problem } from "../core/api.js";
import { line } from "../core/text.js";
import { left, now } from "../core/time.js";
import { Copied } from "../parts/copied.js";
import { Dialog } from "../parts/dialog.js";

/** @param {{person: {login: string, name: string}, onClose: () => void}} props */
export function Link({ person, onClose }) {
  const made = useSignal(null);
  const problem = useSignal("");
  const busy = useSignal(false);
  const name = line(person.name) || person.login;
  const make = async () => {
    busy.value = true;
    problem.value = "";
    try {
      made.value = (await command(`/api/users/${encodeURIComponent(person.login)}/link`)).data;
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      problem.value = failed.sentence;
    }
    busy.value = false;
  };
  const ends = made.value && new Date(made.value.expires_at).getTime();
  const over = ends && ends <= now.value;
  return html`
    <${Dialog} title=${`A sign-in link for ${name}`} onClose=${onClose}>
      <p>Whoever opens it is signed in as ${name}, once, within ten minutes. Give it to them and nobody else, by a way you trust.</p>
      ${made.value && !over && html`
        <${Copied} key=${made.value.link} label="The link" text=${made.value.link} first />
        <p class="dim">Good for ${left(ends, now.value)} more. It is not shown again.</p>
      `}
      ${over && html`<p class="said warn" role="status">Its time is over.</p>`}
      <p class="form-problem" role="alert">${problem.value}</p>
      <div class="row">
        ${(!made.value || over) && html`<button type="button" class="main" data-first disabled=${busy.value} onClick=${make}>Make the link</button>`}
        <button type="button" class=${made.value && !over ? "" : "quiet"} onClick=${onClose}>${made.value && !over ? "Done" : "Not now"}</button>
      </div>
    <//>
  `;
}
