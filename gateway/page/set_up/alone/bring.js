// Bring a list of those to leave alone: a file that names one a line, or a table with a column of addresses or domains.
import { html, useRef, useSignal } from "../../vendor.js";
import { Problem, upload } from "../../core/api.js";
import { online } from "../../core/session.js";
import { counted, line } from "../../core/text.js";
import { Drop } from "../../parts/drop.js";
import { Field, NOTHING_WRONG } from "../../parts/field.js";
import { Rows } from "../../parts/rows.js";
import { list } from "./store.js";
import { GONE_SOON } from "./words.js";

const SHOWN_MAX = 50;

export function Bring() {
  const reading = useSignal("");
  const problem = useSignal("");
  const came = useSignal(null);
  const wrong = useSignal(NOTHING_WRONG);
  const why = useRef(null);
  const bring = async (file) => {
    reading.value = file.name;
    problem.value = "";
    came.value = null;
    wrong.value = NOTHING_WRONG;
    const field = why.current.querySelector("input");
    try {
      const { data, position } = await upload("/api/exclusions/import", file, { reason: field.value.trim() });
      came.value = { ...data, name: file.name };
      field.value = "";
      list.renew(position);
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      if (failed.field === "reason") {
        wrong.value = { field: "reason", text: `${failed.sentence} Then bring the file again.` };
        field.focus();
      } else problem.value = failed.away && online.value ? "The file did not arrive whole, or the server cannot be reached. Bring it again: whoever is on the list stays on it." : failed.sentence;
    }
    reading.value = "";
  };
  return html`
    <h3>Or a whole list</h3>
    <div ref=${why}>
      <${Field} label="Why, for all of the list; without naming them" name="reason" hint="Said before the list is brought, it stands beside each entry that is new." wrong=${wrong.value} maxlength="2000" autocomplete="off" />
    </div>
    <${Drop}
      low
      what="a list of addresses or domains"
      accept=".csv,.tsv,.txt"
      hint="Everybody whom it names is left alone: one a line, or a table with a column named email or domain. Brought again, it adds whoever is not on the list yet."
      reading=${reading.value}
      problem=${problem.value}
      several="These are several files. Bring one after the other."
      onFile=${bring}
    />
    <div role="status">${came.value && html`<${Came} came=${came.value} />`}</div>
    ${came.value?.refused.length > 0 && html`
      <h3>${counted(came.value.refused.length, "line names", "lines name")} nobody</h3>
      <${Rows} label="Lines that name nobody" columns=${REFUSED} rows=${came.value.refused.slice(0, SHOWN_MAX)} keyOf=${(one) => one.line} />
      ${came.value.refused.length > SHOWN_MAX && html`<p class="dim">These are ${SHOWN_MAX} of ${came.value.refused.length.toLocaleString()}.</p>`}
    `}
  `;
}

const Came = ({ came }) => html`
  <p class="said"><strong>${line(came.name)}:</strong> ${counted(came.added, "entry", "entries")} new on the list, ${came.known.toLocaleString()} on it before.${came.added > 0 && ` ${GONE_SOON}`}</p>
`;

const REFUSED = [
  { word: "Line", kind: "row", cell: (one) => one.line.toLocaleString() },
  { word: "Why", cell: (one) => line(one.reason) },
  { word: "What mends it", cell: (one) => line(one.remedy) },
];
