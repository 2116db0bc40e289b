// What is to be said of rows that came before, and of those whom nothing can be written to yet.
import { html, useEffect } from "../vendor.js";
import { follow } from "../core/router.js";
import { loadRuns, runNamed } from "../core/runs.js";
import { counted } from "../core/text.js";

/** @param {{found: any}} props */
export function Known({ found }) {
  const { came_before: before, counts, older, rows, unaddressed } = found;
  const usable = rows - counts.refused - counts.not_taken;
  useEffect(() => {
    if (before) loadRuns();
  }, [before]);
  const lines = [
    before && html`This very file came before, in <a href=${`/runs/${encodeURIComponent(before)}`} onClick=${follow}>${runNamed(before)}</a>, which says what became of it.`,
    usable > 0 && counts.duplicate === usable && "Every row came before with nothing new; nobody is written to twice.",
    older > 0 && `${counted(older, "row has an older value", "rows have older values")} than is known, and the newer stays. If this file is right after all, bring it again here: it then counts as of now.`,
    unaddressed > 0 && `${counted(unaddressed, "lead")} without an e-mail address; kept until one comes. Bring them again with one, and they go on.`,
  ].filter(Boolean);
  return lines.length > 0 && html`<ul class="points-list" aria-label="What to know of these rows">${lines.map((one, index) => html`<li key=${index}>${one}</li>`)}</ul>`;
}
