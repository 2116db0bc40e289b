// Bring a file: drop it, or choose it. What comes back is what would come of it; nothing is recorded yet.
import { html, useSignal } from "../vendor.js";
import { Problem, upload } from "../core/api.js";
import { go } from "../core/router.js";
import { online } from "../core/session.js";
import { Drop } from "../parts/drop.js";
import { previews } from "./preview_kept.js";

const KINDS = ".csv,.tsv,.txt,.json,.jsonl,.ndjson";
const HINT = "CSV, JSON or JSON Lines, with the names of the columns first. Exports of Apollo, LinkedIn, Sales Navigator and HubSpot are known. An address, or a name and a company, is enough for a row.";

export function Bring() {
  const reading = useSignal("");
  const problem = useSignal("");
  const bring = async (file) => {
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
  return html`
    <${Drop}
      what="a list of people"
      accept=${KINDS}
      hint=${HINT}
      reading=${reading.value}
      problem=${problem.value}
      several="These are several files. Bring one; the others can have runs of their own."
      onFile=${bring}
    />
  `;
}
