// Bring a file: drop it, or choose it. What comes back is what would come of it; nothing is recorded yet.
import { html, useSignal } from "../vendor.js";
import { Problem, upload } from "../core/api.js";
import { go } from "../core/router.js";
import { online } from "../core/session.js";
import { line } from "../core/text.js";
import { previews } from "./preview_kept.js";

const KINDS = ".csv,.tsv,.txt,.json,.jsonl,.ndjson";

export function Bring() {
  const over = useSignal(false);
  const reading = useSignal("");
  const problem = useSignal("");
  const bring = async (files) => {
    over.value = false;
    if (reading.value || !files?.length) return;
    if (files.length > 1) {
      problem.value = "These are several files. Bring one; the others can have runs of their own.";
      return;
    }
    const [file] = files;
    reading.value = file.name;
    problem.value = "";
    try {
      const { data } = await upload("/api/imports", file);
      previews.set(data.import_id, data);
      go(`/runs/new/${data.import_id}`);
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      problem.value = failed.away && online.value ? "The file did not arrive whole, or the server cannot be reached. Nothing was kept of it; bring it again." : failed.sentence;
    }
    reading.value = "";
  };
  const on = (event) => {
    event.preventDefault();
    over.value = true;
  };
  const onDrop = (event) => {
    event.preventDefault();
    bring(event.dataTransfer?.files);
  };
  const onChange = (event) => {
    const { files } = event.currentTarget;
    bring(files);
    event.currentTarget.value = "";
  };
  return html`
    <div class="field">
      <label class=${`drop ${over.value ? "aimed" : ""} ${reading.value ? "busy" : ""}`} onDragEnter=${on} onDragOver=${on} onDragLeave=${() => (over.value = false)} onDrop=${onDrop}>
        <input type="file" class="drop-input" accept=${KINDS} aria-describedby="bring-hint" disabled=${Boolean(reading.value)} onClick=${(event) => (event.currentTarget.value = "")} onChange=${onChange} />
        <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><path d="M16 21V7M10 13l6-6 6 6M6 22v4h20v-4" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" /></svg>
        ${reading.value ? html`<strong>Reading ${line(reading.value)} …</strong>` : html`<strong>Drop a list of people here, or <span class="link">choose a file</span></strong>`}
      </label>
      <p class="field-hint" id="bring-hint">CSV, JSON or JSON Lines, with the names of the columns first. Exports of Apollo, LinkedIn, Sales Navigator and HubSpot are known. An address, or a name and a company, is enough for a row.</p>
      <p class="form-problem" role="alert">${problem.value}</p>
      <p class="unseen" role="status">${reading.value && `Reading ${line(reading.value)}`}</p>
    </div>
  `;
}
