// What another one would change: in sentences, by tier, and each lead that would move, with why.
import { html, useSignal } from "../../vendor.js";
import { command, Problem } from "../../core/api.js";
import { follow } from "../../core/router.js";
import { counted, line } from "../../core/text.js";
import { TIERS } from "../../core/words.js";
import { Rows } from "../../parts/rows.js";
import { named } from "./store.js";

const standWords = (stand) => (TIERS[stand] ?? stand).replaceAll(" ", "\u00a0");
const scoreWords = (score) => score ?? "none";

/** @param {{text: string, first: any, children: any}} props `first` is the first page; `children` stand before those who move. */
export function Moves({ text, first, children }) {
  const rows = useSignal(first.items);
  const next = useSignal(first.next);
  const problem = useSignal("");
  const busy = useSignal(false);
  const more = async () => {
    busy.value = true;
    problem.value = "";
    try {
      const { data } = await command("/api/icp/compare", { text, cursor: next.value });
      rows.value = [...rows.value, ...data.items];
      next.value = data.next;
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      problem.value = failed.field === "cursor" ? "Others compared meanwhile, so the rest is no longer kept. Compare again." : failed.sentence;
    }
    busy.value = false;
  };
  const { compared } = first;
  const standing = Object.keys(compared.before).filter((stand) => compared.before[stand] || compared.after[stand]);
  return html`
    <div class="compared stack">
      <div class="stack" role="status">${sentences(compared).map((one) => html`<p key=${one}>${one}</p>`)}</div>
      ${compared.nobody && html`<p class="said warn">${line(compared.nobody)}</p>`}
      ${standing.length > 0 && html`
        <table class="tally">
          <caption class="unseen">Leads by tier, under each of the two</caption>
          <thead><tr><th scope="col">Tier</th><th scope="col" class="number">In force</th><th scope="col" class="number">With this</th><th scope="col" class="number">Difference</th></tr></thead>
          <tbody>
            ${standing.map((stand) => html`
              <tr key=${stand}><th scope="row">${standWords(stand)}</th><td class="number">${compared.before[stand].toLocaleString()}</td><td class="number">${compared.after[stand].toLocaleString()}</td><td class="number">${signed(compared.after[stand] - compared.before[stand])}</td></tr>
            `)}
          </tbody>
        </table>
      `}
      ${compared.campaigns.length > 0 && html`
        <h3>Campaigns</h3>
        <${Rows} label="Campaigns" columns=${REACHED} rows=${compared.campaigns} keyOf=${(one) => one.campaign} />
      `}
      ${children}
      ${rows.value.length > 0 && html`
        <h3>Who moves</h3>
        <${Rows} tall label="Who moves" columns=${MOVES} rows=${rows.value} keyOf=${(one) => one.lead_id} />
        ${next.value && html`
          <div class="row">
            <button type="button" disabled=${busy.value} onClick=${more}>Show more</button>
            <span class="dim">${rows.value.length.toLocaleString()} of ${compared.moving.toLocaleString()}</span>
          </div>
        `}
        <p class="form-problem" role="alert">${problem.value}</p>
      `}
    </div>
  `;
}

/** The comparison in the words of the console. */
function sentences({ active, candidate, leads, coming, moving, rescored, otherwise }) {
  const onTheWay = coming ? `; ${counted(coming, "more is", "more are")} on the way to a first score` : "";
  const same = active.model_id === candidate.model_id && active.model_hash === candidate.model_hash;
  return [
    `${line(named(candidate))} beside ${line(named(active))}, which is in force.`,
    `${counted(leads, "lead")} judged by both, as they are known now${onTheWay}. Nothing was recorded.`,
    same
      ? "Both say the same, so nobody moves."
      : leads > 0 && `${counted(moving, "lead moves", "leads move")} between tiers, ${rescored.toLocaleString()} would only get another score.`,
    otherwise > 0 &&
      `${counted(otherwise, "lead stands", "leads stand")} otherwise in the log than the one in force would say today: data came later, or another one was in force. Scores that stand are never changed.`,
  ].filter(Boolean);
}

const whyOf = ({ why, audience, campaign }) => (audience ? [...why, `${audience} the audience of ${campaign}`] : why);

const signed = (by) => (by ? `${by > 0 ? "+" : "−"}${Math.abs(by).toLocaleString()}` : "");

const UNREAD = "cannot be read";
const REACHED = [
  { word: "Campaign", cell: (one) => line(one.campaign) },
  { word: "Leads", kind: "close", cell: (one) => one.leads.toLocaleString() },
  { word: "In its audience", kind: "close", cell: (one) => one.before?.toLocaleString() ?? UNREAD },
  { word: "With this", kind: "close", cell: (one) => one.after?.toLocaleString() ?? UNREAD },
  { word: "Enter", kind: "close", cell: (one) => (one.enter ? one.enter.toLocaleString() : "") },
  { word: "Leave", kind: "close", cell: (one) => (one.leave ? one.leave.toLocaleString() : "") },
];

const MOVES = [
  { word: "Company", cell: (one) => html`<a href=${`/leads/${encodeURIComponent(one.lead_id)}`} onClick=${follow}>${line(one.company) || "unknown company"}</a>` },
  { word: "Title", cell: (one) => line(one.title) },
  { word: "Tier", kind: "close", cell: (one) => `${standWords(one.before)}\u00a0→\u00a0${standWords(one.after)}` },
  { word: "Score", kind: "close", cell: ({ score_before: before, score_after: after }) => (before === after ? scoreWords(after) : `${scoreWords(before)}\u00a0→\u00a0${scoreWords(after)}`) },
  { word: "Why", kind: "long", cell: (one) => html`<ul>${whyOf(one).map((why) => html`<li key=${why}>${line(why).replace(/\b(tier)_(\d)\b/g, "$1 $2")}</li>`)}</ul>` },
];
