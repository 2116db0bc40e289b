// Choose a lead: a search over names and companies, and the few that fit first.
import { html, useEffect, useRef, useSignal } from "../../vendor.js";
import { get, Problem } from "../../core/api.js";
import { line } from "../../core/text.js";
import { Field } from "../../parts/field.js";
import { nameOf } from "./store.js";

const SEARCH_AFTER_MS = 200;
const SHOWN = 6;

/** @param {{chosen: any, onChoose: (lead: any) => void}} props */
export function FindLead({ chosen, onChoose }) {
  const rows = useSignal(null);
  const problem = useSignal("");
  const q = useSignal("");
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = async () => {
    const asked = q.value;
    try {
      const { data } = await get("/api/leads", { q: asked, limit: SHOWN });
      if (asked !== q.value) return;
      rows.value = data.items;
      problem.value = "";
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      problem.value = failed.sentence;
    }
  };
  const onInput = (event) => {
    q.value = event.currentTarget.value.trim();
    clearTimeout(timer.current);
    timer.current = setTimeout(search, SEARCH_AFTER_MS);
  };
  const onFocus = () => {
    if (!rows.value) search();
  };
  const choose = (one) => (event) => {
    // The choices go away, so the focus goes on to what is chosen next.
    event.currentTarget.closest(".reads").querySelector("select").focus();
    onChoose(one);
    rows.value = null;
  };
  return html`
    <div class="find-lead">
      <${Field} label="Lead" name="lead" type="search" placeholder="Name or company" maxlength="200" autocomplete="off" hint=${chosen ? html`For <strong>${nameOf(chosen)}</strong>` : "Find one by name or company."} wrong=${{ field: problem.value ? "lead" : "", text: problem.value }} onInput=${onInput} onFocus=${onFocus} />
      <div role="status" class="unseen">${rows.value && (rows.value.length ? `${rows.value.length} found` : "No lead fits")}</div>
      ${rows.value && html`
        <ul class="found-leads" aria-label="Leads that fit">
          ${rows.value.map((one) => html`<li key=${one.id}><button type="button" onClick=${choose(one)}>${nameOf(one)}${one.title && html` <span class="dim">${line(one.title)}</span>`}</button></li>`)}
          ${!rows.value.length && html`<li class="dim">No lead fits. Leads come from a run.</li>`}
        </ul>
      `}
    </div>
  `;
}
