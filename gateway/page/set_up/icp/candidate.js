// Another ideal customer: its file, dropped or typed; whom it would move; and letting it be the one that scores.
import { html, useRef, useSignal } from "../../vendor.js";
import { command } from "../../core/api.js";
import { isSave } from "../../core/keys.js";
import { may } from "../../core/session.js";
import { line } from "../../core/text.js";
import { Because } from "../../parts/because.js";
import { Drop } from "../../parts/drop.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../../parts/field.js";
import { say } from "../../parts/notices.js";
import { Section } from "../../parts/paper.js";
import { NotYours } from "../../parts/trouble.js";
import { Moves } from "./moves.js";
import { draft, named, view } from "./store.js";

const JUDGED_WITHIN_MS = 60_000;
const FILE_MAX = 1_000_000;

/** @param {{active: any}} props */
export function Candidate({ active }) {
  const wrong = useSignal(NOTHING_WRONG);
  const at = useSignal(0);
  const busy = useSignal(false);
  const found = useSignal(null);
  const problem = useSignal("");
  const activating = useSignal(false);
  const form = useRef(null);
  const type = (text) => {
    draft.value = text;
    wrong.value = NOTHING_WRONG;
    at.value = 0;
  };
  const take = async (file) => {
    problem.value = "";
    if (file.size > FILE_MAX) {
      problem.value = `${file.name} is too large for such a file. See that it is the right one.`;
      return;
    }
    type(await file.text());
    compare();
  };
  const compare = async () => {
    const text = draft.value;
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    at.value = 0;
    found.value = null;
    try {
      found.value = { text, first: (await command("/api/icp/compare", { text }, { withinMs: JUDGED_WITHIN_MS })).data };
    } catch (failed) {
      wrong.value = { ...wrongOf(failed, []), field: failed.status === 422 || failed.status === 413 ? "text" : "" };
      at.value = failed.values.line ?? 0;
      area()?.focus();
    }
    busy.value = false;
  };
  const area = () => form.current?.querySelector("textarea");
  const toLine = () => {
    const field = area();
    const before = draft.value.split("\n").slice(0, at.value - 1).join("\n").length + (at.value > 1 ? 1 : 0);
    const end = draft.value.indexOf("\n", before);
    field.focus();
    field.setSelectionRange(before, end < 0 ? draft.value.length : end);
    field.scrollTop = (field.scrollHeight / draft.value.split("\n").length) * Math.max(0, at.value - 4);
  };
  const onSubmit = (event) => {
    event.preventDefault();
    if (draft.value.trim()) compare();
    else {
      wrong.value = { field: "text", text: "Drop a file, or change a copy of the one in force." };
      area()?.focus();
    }
  };
  const onKeyDown = (event) => {
    if (isSave(event)) form.current.requestSubmit();
  };
  const activated = (position, { receipt }) => {
    const candidate = named(found.value.first.compared.candidate);
    say({ text: receipt ? `${candidate} is in force, in place of ${named(active)}. Leads are scored by it from now on; scores that stand stay as they are.` : `${candidate} is in force already; nothing changed.` });
    type("");
    found.value = null;
    view.load(position);
  };
  const compared = found.value && found.value.text === draft.value ? found.value : null;
  return html`
    <${Section} title="Another one" note="See whom it would move before it scores anybody. Comparing records nothing.">
      <${Drop} low what="another icp.toml" accept=".toml,.txt" hint="Or type below. The console writes one to begin with: swarm icp init." reading="" problem=${problem.value} several="These are several files. Compare one after the other." onFile=${take} />
      <form class="stack" ref=${form} onSubmit=${onSubmit} noValidate>
        <${Field} as="textarea" label="The whole file" name="text" class="code" rows="12" value=${draft.value} wrong=${wrong.value} spellcheck="false" autocapitalize="none" onInput=${(event) => type(event.currentTarget.value)} onKeyDown=${onKeyDown} />
        <${FormWrong} wrong=${wrong.value} />
        <div class="row">
          <button class=${compared ? "" : "main"} disabled=${busy.value}>${busy.value ? "Comparing …" : "Compare"}</button>
          ${at.value > 0 && html`<button type="button" onClick=${toLine}>Go to line ${at.value}</button>`}
          ${draft.value && html`<button type="button" class="quiet" onClick=${() => type("")}>Clear</button>`}
        </div>
      </form>
      <p class="unseen" role="status">${busy.value ? "Judging every lead by both" : ""}</p>
      ${compared && html`
        <${Moves} key=${compared.text} text=${compared.text} first=${compared.first}>
          ${may("admin")
            ? compared.first.compared.active.model_hash !== compared.first.compared.candidate.model_hash && html`<div class="row"><button type="button" class="main" onClick=${() => (activating.value = true)}>Activate …</button></div>`
            : html`<${NotYours} permission="admin" what="let another one score" />`}
        <//>
      `}
    <//>
    ${activating.value && html`
      <${Because} title=${`Activate ${line(found.value.first.compared.candidate.model_id)}`} path="/api/icp/activate" body=${{ text: found.value.text }} kind="main" verb="Activate it" hint="It is kept in the log for good, with the whole file." onClose=${() => (activating.value = false)} onDone=${activated}>
        <p>Leads are scored by it from now on; scores that stand stay as they are.</p>
      <//>
    `}
  `;
}
