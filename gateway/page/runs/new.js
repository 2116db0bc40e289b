// A new run: bring a list, correct what its columns mean, see what comes of it, start. Or try it with invented people.
import { html, useMemo } from "../vendor.js";
import { command, get, Problem } from "../core/api.js";
import { loaded, useLoaded } from "../core/loaded.js";
import { follow, go } from "../core/router.js";
import { may } from "../core/session.js";
import { counted, line } from "../core/text.js";
import { Time } from "../core/time.js";
import { say } from "../parts/notices.js";
import { Section, Paper } from "../parts/paper.js";
import { State } from "../parts/state.js";
import { Bones, Stale, Trouble } from "../parts/trouble.js";
import { Bring } from "./bring.js";
import { Columns } from "./columns.js";
import { Invent } from "./invent.js";
import { Outlook } from "./outlook.js";
import { previews } from "./preview_kept.js";
import { Start } from "./start.js";

/** @param {{importId: string}} props */
export function New({ importId }) {
  const back = html`<a href="/runs" onClick=${follow}>All runs</a>`;
  if (!may("run")) {
    return html`
      <${Paper} title="New run" before=${back}>
        <${State} title="You cannot start runs" mark="lock"><p>Operators and admins start runs. An admin gives roles under Settings.</p><//>
      <//>
    `;
  }
  if (importId) return html`<${Brought} importId=${importId} back=${back} />`;
  return html`
    <${Paper} title="New run" before=${back}>
      <${Section} title="From your list" note="You see what comes of each row before anything starts. Nothing is sent that nobody approved."><${Bring} /><//>
      <${Section} title="Or try it out" note="No list at hand: the swarm invents people at companies that cannot exist. Everything else is as for real."><${Invent} /><//>
    <//>
  `;
}

function Brought({ importId, back }) {
  const path = `/api/imports/${encodeURIComponent(importId)}`;
  const view = useMemo(
    () =>
      loaded(async (mapping) => {
        const first = previews.get(importId);
        previews.delete(importId);
        if (mapping) return (await command(`${path}/mapping`, { mapping }, { withinMs: READ_WITHIN_MS })).data;
        return first ?? (await get(path)).data;
      }),
    [importId],
  );
  useLoaded(view, [importId]);
  const found = view.data.value;
  const problem = view.problem.value;
  const letGo = async () => {
    try {
      await command(path, undefined, { method: "DELETE" });
      say({ text: `Let go: ${line(found.name)}. Nothing was recorded of it.` });
      go("/runs/new");
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      say({ text: failed.sentence, kind: "failed" });
    }
  };
  if (!found) {
    return html`
      <${Paper} title="New run" before=${back}>
        ${!problem
          ? html`<${Bones} words="Reading the file" />`
          : problem.status === 404
            ? html`<${State} title="This file is not here any more" mark="tray"><p>A file waits for a day, or until its run starts. Bring it again.</p><a class="act main" href="/runs/new" onClick=${follow}>Bring a file</a><//>`
            : html`<${Trouble} problem=${problem} what="The file" onAgain=${() => view.load()} />`}
      <//>
    `;
  }
  return html`
    <${Paper} title=${line(found.name)} before=${back} actions=${html`<button type="button" onClick=${letGo}>Let the file go</button>`}>
      ${problem && problem.status < 500 && !problem.away ? html`<p class="said warn" role="alert">${problem.sentence}</p>` : html`<${Stale} view=${view} />`}
      <p class="dim">${counted(found.rows, "row")}, ${counted(found.columns.length, "column")}, ${bytes(found.bytes)}. Nothing is recorded yet; the file waits until <${Time} at=${found.expires_at} form="long" />.</p>
      <${Section} title="1. What the columns mean" note="Recognised by their names. Correct what is wrong; what nothing is taken from is not kept."><${Columns} found=${found} onMap=${view.load} /><//>
      <${Section} title="2. What comes of the rows"><${Outlook} found=${found} path=${path} /><//>
      <${Section} title="3. Start"><${Start} key=${`${found.import_id} ${found.sample_file}`} found=${found} path=${path} /><//>
    <//>
  `;
}

const READ_WITHIN_MS = 60_000;
const bytes = (count) => (count < 1_000_000 ? `${Math.max(1, Math.round(count / 1_000)).toLocaleString()} kB` : `${(count / 1_000_000).toFixed(1)} MB`);
