// Why rows of a run became no leads, out of the log.
import { html, useMemo } from "../vendor.js";
import { get } from "../core/api.js";
import { loaded, useLoaded } from "../core/loaded.js";
import { line } from "../core/text.js";
import { Rows } from "../parts/rows.js";
import { Bones, Trouble } from "../parts/trouble.js";
import { fieldWords } from "./words.js";

const SHOWN_MAX = 50;
const LOOKS_MAX = 20;

/** @param {{runId: string, count: number}} props */
export function Refusals({ runId, count }) {
  const view = useMemo(() => loaded(() => refusalsOf(runId)), [runId]);
  useLoaded(view, [runId, count]);
  const rows = view.data.value;
  if (!rows) return view.problem.value ? html`<${Trouble} problem=${view.problem.value} what="The refused rows" onAgain=${view.load} />` : html`<${Bones} rows=${2} words="Looking for the refused rows" />`;
  return html`
    <${Rows} label="Refused rows" columns=${REFUSED} rows=${rows} keyOf=${(one) => one.row} />
    ${count > rows.length && html`<p class="dim">These are ${rows.length} of ${count.toLocaleString()}.</p>`}
  `;
}

/** The columns of refused rows, here and before a run begins. */
export const REFUSED = [
  { word: "Row", kind: "row", cell: (one) => one.row.toLocaleString() },
  { word: "Field", cell: (one) => fieldWords(one.field) },
  { word: "Why", cell: (one) => line(one.reason) },
  { word: "What mends it", cell: (one) => line(one.remedy) },
];

/** A page of the log may hold none of them and still not be its end. */
async function refusalsOf(runId) {
  const found = [];
  let from = "";
  for (let looks = 0; looks < LOOKS_MAX && found.length < SHOWN_MAX; looks += 1) {
    const { data } = await get("/api/events", { category: "lead", type: "lead.refused.v1", run_id: runId, from, limit: SHOWN_MAX });
    found.push(...data.items.map(({ data: told }) => ({ row: told.origin.row, field: told.field, reason: told.reason, remedy: told.remedy })));
    from = data.next;
    if (!from) break;
  }
  return found.slice(0, SHOWN_MAX);
}
