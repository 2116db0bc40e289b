// A page or pane that has nothing to show, and says why and what comes next.
import { html } from "../vendor.js";

/**
 * @param {{title: string, children?: any, mark?: string, alone?: boolean}} props `mark` is a picture of a few lines, by name;
 *   `alone` says that nothing else is on the page, so that the title is its heading.
 */
export function State({ title, children, mark = "", alone = false }) {
  return html`
    <section class="state">
      ${mark && html`<${Mark} name=${mark} />`}
      ${alone ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}
      ${children}
    </section>
  `;
}

const PATHS = {
  tray: "M8 30h10l3 5h14l3-5h10M8 30l7-16h26l7 16v14H8z",
  done: "M10 29l11 11 25-25",
  filter: "M8 12h40L32 31v13l-8 4V31z",
  away: "M28 12v18M28 38v4M28 6l24 42H4z",
  lock: "M14 26h28v20H14zM20 26v-7a8 8 0 0 1 16 0v7",
};

function Mark({ name }) {
  return html`
    <svg class="state-mark" viewBox="0 0 56 56" width="56" height="56" aria-hidden="true">
      <path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  `;
}
