// A place for a file: drop it, or choose it.
import { html, useSignal } from "../vendor.js";
import { line } from "../core/text.js";

/**
 * @param {{what: string, accept: string, hint: any, reading: string, problem: string, several: string, onFile: (file: File) => void, low?: boolean}} props
 *   `what` as in "a list of people"; `reading` is the name of the file that is on its way; `several` is said of more than one.
 */
export function Drop({ what, accept, hint, reading, problem, several, onFile, low = false }) {
  const over = useSignal(false);
  const many = useSignal(false);
  const take = (files) => {
    over.value = false;
    if (reading || !files?.length) return;
    many.value = files.length > 1;
    if (!many.value) onFile(files[0]);
  };
  const on = (event) => {
    event.preventDefault();
    over.value = true;
  };
  const onDrop = (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files);
  };
  const onChange = (event) => {
    const { files } = event.currentTarget;
    take(files);
    event.currentTarget.value = "";
  };
  const id = `drop-${what.replaceAll(/\W+/g, "-")}`;
  return html`
    <div class="field">
      <label class=${`drop ${low ? "low" : ""} ${over.value ? "aimed" : ""} ${reading ? "busy" : ""}`} onDragEnter=${on} onDragOver=${on} onDragLeave=${() => (over.value = false)} onDrop=${onDrop}>
        <input type="file" class="drop-input" accept=${accept} aria-describedby=${id} disabled=${Boolean(reading)} onClick=${(event) => (event.currentTarget.value = "")} onChange=${onChange} />
        <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><path d="M16 21V7M10 13l6-6 6 6M6 22v4h20v-4" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" /></svg>
        ${reading ? html`<strong>Reading ${line(reading)} …</strong>` : html`<strong>Drop ${what} here, or <span class="link">choose a file</span></strong>`}
      </label>
      <p class="field-hint" id=${id}>${hint}</p>
      <p class="form-problem" role="alert">${many.value ? several : problem}</p>
      <p class="unseen" role="status">${reading && `Reading ${line(reading)}`}</p>
    </div>
  `;
}
