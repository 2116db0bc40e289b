// The newest answers: who said what of which letter, in their words.
import { html } from "../vendor.js";
import { people } from "../core/people.js";
import { follow } from "../core/router.js";
import { capital, line, REDACTED, shown, who, words } from "../core/text.js";
import { Time } from "../core/time.js";
import { Failed } from "../parts/failed.js";
import { Filters } from "../parts/filters.js";
import { State } from "../parts/state.js";
import { themeOf, TIERS } from "../core/words.js";
import { TAGS } from "../queue/tags.js";
import { answers, want, wanted } from "./store.js";

export const OUTCOMES = {
  approved: "approved", edited: "edited, not yet approved", rejected: "rejected", changes_requested: "another text asked for", revoked: "approval taken back",
  undecided: "rewritten, waits again", expired: "expired", withdrawn: "withdrawn", blocked: "no other text passed",
};
const EDITS = { minor: "after a small edit", major: "after much editing" };

export function Answers() {
  const { rows, more, phase, problem, loadMore, file } = answers;
  const fields = [
    { name: "outcome", label: "answer", choices: Object.entries(OUTCOMES) },
    { name: "tag", label: "tag", choices: TAGS.map(({ tag, label }) => [tag, label]) },
  ];
  return html`
    <section class="answers" aria-labelledby="answers-title">
      <h2 id="answers-title">Newest answers</h2>
      <${Filters} chosen=${wanted.value} fields=${fields} onAsk=${want} csv=${file()} file="feedback.csv" />
      ${phase.value === "failed"
        ? html`<${Failed} what="The answers" problem=${problem.value} again=${answers.load} />`
        : phase.value === "loading"
          ? html`<div role="status"><span class="unseen">Loading the answers</span><div class="bones fared-bones" aria-hidden="true"><i></i><i></i><i></i></div></div>`
          : rows.value.length
            ? html`
                <ol class="answer-list">${rows.value.map((row) => html`<${Answer} key=${row.email_id} row=${row} />`)}</ol>
                ${more.value && html`<p class="records-more"><button type="button" onClick=${loadMore}>Show more</button></p>`}
              `
            : html`<${Nothing} />`}
    </section>
  `;
}

function Answer({ row }) {
  const person = people.value.get(row.lead_id);
  const edited = row.edit_class !== "none" && row.outcome === "approved" ? ` ${EDITS[row.edit_class] ?? `after a ${words(row.edit_class)} edit`}` : "";
  const tag = row.outcome === "rejected" ? TAGS.find((one) => one.tag === row.tag) : null;
  // A text that was written anew carries no reason; what was said of the one before does.
  const before = row.outcome === "undecided" ? row.history.at(-1)?.words : "";
  const said = [row.reason, before].includes(REDACTED) ? "hidden" : line(row.reason || before);
  return html`
    <li>
      <p class="answer-head">
        <span class=${`outcome ${row.outcome}`}>${capital(OUTCOMES[row.outcome] ?? words(row.outcome))}${edited}</span>
        ${tag && html`<span class="answer-tag" title=${tag.meaning}>${tag.label}</span>`}
        <span class="dim">${row.outcome === "undecided" ? "after a word" : ""} by ${who(row.reviewer)} · <${Time} at=${row.decided_at} form="long" /></span>
      </p>
      <p class="answer-about">
        <a href=${`/leads/${row.lead_id}`} onClick=${follow}>${person ? `${shown(person.name ?? "A lead", "Name hidden")}${person.company ? `, ${line(person.company)}` : ""}` : "The lead"}</a>
        <span> · ${shown(row.edited_subject ?? row.original_subject, "subject hidden")}</span>
      </p>
      ${said && html`<blockquote>${said === "hidden" ? html`<span class="dim">What was said is hidden from your role.</span>` : said}</blockquote>`}
      <p class="dim small">${TIERS[row.tier] ?? words(row.tier)} · angle: ${themeOf(row.angle)} · campaign: ${themeOf(row.campaign)}${row.comments.length > 0 && ` · ${row.comments.length === 1 ? "1 comment" : `${row.comments.length} comments`}`}${row.overridden.length > 0 && ` · past ${row.overridden.length === 1 ? "a failed check" : `${row.overridden.length} failed checks`}`}</p>
    </li>
  `;
}

function Nothing() {
  const { outcome, tag, campaign } = wanted.value;
  if (outcome || tag || campaign) {
    return html`
      <${State} title="No answer fits these filters" mark="filter">
        <button type="button" class="main" onClick=${() => want({ outcome: "", tag: "", campaign: "" })}>Clear filters</button>
      <//>
    `;
  }
  return html`
    <${State} title="Nobody has answered a draft yet" mark="tray">
      <p>What was said of one stands here as soon as it is.</p>
    <//>
  `;
}
