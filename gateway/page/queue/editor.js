// Editing a letter in its place, with what changed beside it while typing. What is typed is kept until it is sent.
import { diffWordsWithSpace, html, useLayoutEffect, useMemo, useRef, useSignal } from "../vendor.js";
import { command, newKey, Problem } from "../core/api.js";
import { isSave, MOD } from "../core/keys.js";
import { online } from "../core/session.js";
import { clean, line, who } from "../core/text.js";
import { clock } from "../core/time.js";
import { Button } from "../parts/button.js";
import { say } from "../parts/notices.js";
import { claim, release } from "./claims.js";
import { approve, named } from "./decide.js";
import { refresh } from "./live.js";
import { panel, settled } from "./store.js";
import { forget, keep, typed } from "./typed.js";

/** @param {{card: import("./store.js").Card}} props */
export function Editor({ card }) {
  const { email_id } = card;
  const original = { subject: line(card.content.subject), body: clean(card.content.text) };
  const before = typed(email_id);
  const subject = useSignal(before.subject ?? original.subject);
  const body = useSignal(before.body ?? original.body);
  // The version that the text was written against; another one may come while it is written.
  const base = useSignal(before.version ?? card.draft_version);
  const showsOriginal = useSignal(false);
  const problem = useSignal("");
  const busy = useSignal(false);
  const area = useRef(null);
  const changed = subject.value !== original.subject || body.value !== original.body;
  const late = base.value !== card.draft_version;
  const stopped = busy.value || late || !online.value || settled.value.has(email_id);

  useLayoutEffect(() => {
    claim(email_id);
    area.current.focus();
    area.current.setSelectionRange(0, 0);
    area.current.scrollTop = 0;
    return () => release();
  }, []);
  useLayoutEffect(() => grow(area.current), [body.value, showsOriginal.value]);

  const type = (change) => {
    if (change.subject !== undefined) subject.value = change.subject;
    if (change.body !== undefined) body.value = change.body;
    keep(email_id, { version: base.value, subject: subject.value, body: body.value });
  };
  const close = () => {
    if (!changed) forget(email_id);
    panel.value = "";
  };
  const discard = () => {
    forget(email_id);
    panel.value = "";
  };
  const text = () => ({
    ...(subject.value === original.subject ? {} : { subject: subject.value }),
    ...(body.value === original.body ? {} : { body: body.value }),
  });
  const save = async () => {
    if (stopped) return;
    if (!changed) return close();
    busy.value = true;
    problem.value = "";
    try {
      const { position } = await command(`/api/emails/${email_id}/edit`, { expected_version: card.draft_version, content_hash: card.content_hash, ...text() }, { key: newKey() });
      forget(email_id);
      panel.value = "";
      await refresh(email_id, position);
      say({ text: `Saved: ${named(card)}, as version ${card.draft_version + 1}. The checks ran again.` });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      const { who: by, when } = failed.values;
      problem.value = by ? `${who(by)} was first, at ${clock(when)}. Your text is kept here; compare and save it again.` : `Not saved; your text is kept here. ${failed.sentence}`;
      if (failed.slug === "stale-version") await refresh(email_id);
    }
    busy.value = false;
  };
  const saveAndApprove = () => {
    if (!stopped) approve(card, changed ? text() : {});
  };
  const onKeyDown = (event) => {
    if (isSave(event)) {
      event.preventDefault();
      if (event.shiftKey) saveAndApprove();
      else save();
    } else if (event.altKey && event.code === "KeyO") {
      event.preventDefault();
      showsOriginal.value = !showsOriginal.value;
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return html`
    <div class="editor" onKeyDown=${onKeyDown} data-own-keys>
      ${late && html`
        <p class="said warn">
          <strong>Version ${card.draft_version} came while you wrote,</strong> by ${who(card.versions.at(-1)?.by)}. Your text is kept; what you see as changed is against the new version.
          <button type="button" onClick=${() => { base.value = card.draft_version; type({}); }}>Go on against it</button>
        </p>
      `}
      <div class="editor-columns">
        <div class="editor-fields">
          <label for="edit-subject">Subject</label>
          <input id="edit-subject" value=${showsOriginal.value ? original.subject : subject.value} readonly=${showsOriginal.value} maxlength="250" onInput=${(event) => type({ subject: event.currentTarget.value })} />
          <label for="edit-body">${showsOriginal.value ? "Text, as it was" : "Text"}</label>
          <textarea id="edit-body" ref=${area} value=${showsOriginal.value ? original.body : body.value} readonly=${showsOriginal.value} maxlength="20000" onInput=${(event) => type({ body: event.currentTarget.value })}></textarea>
        </div>
        <${Changes} original=${original} subject=${subject.value} body=${body.value} />
      </div>
      <p class="form-problem" role="alert">${problem.value}</p>
      <div class="editor-actions">
        <${Button} kind="main" keys=${`${MOD}+Enter`} disabled=${stopped} onClick=${save}>Save as new version<//>
        <${Button} keys=${`${MOD}+Shift+Enter`} disabled=${stopped} onClick=${saveAndApprove}>Save and approve<//>
        <${Button} keys="Alt+O" aria-pressed=${showsOriginal.value} onClick=${() => (showsOriginal.value = !showsOriginal.value)}>Original<//>
        ${changed && html`<${Button} kind="quiet" onClick=${discard}>Discard<//>`}
        <${Button} kind="quiet" keys="Esc" onClick=${close}>Close<//>
      </div>
    </div>
  `;
}

/** The words that went and the words that came. */
function Changes({ original, subject, body }) {
  const parts = useMemo(() => diffWordsWithSpace(original.body, body), [original.body, body]);
  const ofSubject = useMemo(() => diffWordsWithSpace(original.subject, subject), [original.subject, subject]);
  const moved = [...ofSubject, ...parts].filter((one) => one.added || one.removed);
  const count = moved.reduce((sum, one) => sum + one.value.split(/\s+/).filter(Boolean).length, 0);
  return html`
    <section class="changes" aria-label="What you changed">
      <h2 class="label">${moved.length ? `Changed: ${count} ${count === 1 ? "word" : "words"}` : "Nothing changed yet"}</h2>
      <p class="changes-subject"><${Diff} parts=${ofSubject} /></p>
      <div class="body"><${Diff} parts=${parts} /></div>
    </section>
  `;
}

function Diff({ parts }) {
  return parts.map((one, index) => {
    if (one.added) return html`<ins key=${index}>${one.value}</ins>`;
    if (one.removed) return html`<del key=${index}>${one.value}</del>`;
    return one.value;
  });
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}
