// Why the queue is empty, and the one next step.
import { html } from "../vendor.js";
import { counted } from "../core/text.js";
import { State } from "../parts/state.js";
import { First } from "../runs/first.js";
import { ask, filtered, filters, load, NO_FILTERS, problem, status, waiting } from "./store.js";

export function Empty() {
  const known = status.value;
  if (filters.value.snoozed) {
    return html`
      <${State} title="Nothing is put off" mark="tray">
        <p>No letter waits for a later time.</p>
        <button type="button" class="main" onClick=${() => ask(NO_FILTERS)}>Show what waits now</button>
      <//>
    `;
  }
  if (filtered.value) {
    return html`
      <${State} title="No letter fits these filters" mark="filter">
        <p>${waiting.value ? `${counted(waiting.value, "letter waits", "letters wait")} without them.` : "None waits without them either."}</p>
        <button type="button" class="main" onClick=${() => ask(NO_FILTERS)}>Clear filters</button>
      <//>
    `;
  }
  const decided = known ? known.approved + known.rejected + known.expired : 0;
  if (known?.snoozed > 0) {
    return html`
      <${State} title="Nothing waits right now" mark="done">
        <p>${counted(known.snoozed, "letter comes", "letters come")} back later.</p>
        <button type="button" class="main" onClick=${() => ask({ snoozed: true })}>Show those</button>
        <${Today} />
      <//>
    `;
  }
  if (known?.changes_requested > 0) {
    return html`
      <${State} title="Nothing waits right now" mark="done">
        <p>${counted(known.changes_requested, "letter is", "letters are")} being rewritten and ${known.changes_requested === 1 ? "comes" : "come"} back here.</p>
        <${Today} />
      <//>
    `;
  }
  if (decided > 0) {
    return html`
      <${State} title="All is decided" mark="done">
        <${Today} />
        <p class="dim">New letters appear here by themselves.</p>
      <//>
    `;
  }
  return html`<${First} />`;
}

/** What was done today (UTC), as far as the gateway counts it; otherwise what was ever done. */
function Today() {
  const known = status.value;
  const today = known?.decided_today;
  const parts = today
    ? [[today.approved, "approved"], [today.rejected, "rejected"], [today.edited, "edited"], [today.changes_requested, "sent back for changes"]]
    : [[known.approved, "approved"], [known.rejected, "rejected"], [known.expired, "expired"]];
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString()} ${what}`);
  if (!said.length) return today ? html`<p>Nothing was decided today.</p>` : null;
  return html`<p>${today ? "Today" : "So far"}: ${said.join(", ")}.</p>`;
}

export function Failed() {
  const { away, status: code, sentence } = problem.value;
  return html`
    <${State} title=${away ? "The server cannot be reached" : code === 503 ? "The store is away" : "The queue could not be read"} mark="away" alone>
      <p>${away ? "Nothing is lost. It is tried again by itself." : sentence}</p>
      <button type="button" class="main" onClick=${() => load()}>Try now</button>
    <//>
  `;
}
