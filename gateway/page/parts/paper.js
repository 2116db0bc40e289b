// A page that is read from top to bottom: its title, what can be done with all of it, and its sections.
import { html, useEffect, useRef } from "../vendor.js";

/**
 * @param {{title: string, before?: any, part?: string, bar?: any, actions?: any, wide?: boolean, children: any}} props `before` stands over the title;
 *   `part` is what of the page is seen, where it is not all of it, and `bar` leads to the others.
 */
export function Paper({ title, before, part = "", bar, actions, wide = false, children }) {
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${part && `${part} · `}${title} · Alpha Swarm`;
  }, [title, part]);
  // Where a link led here and is gone with its page, reading goes on at the title.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current.focus();
  }, []);
  return html`
    <div class="paper">
      <div class=${wide ? "paper-inner wide" : "paper-inner"}>
        ${before && html`<p class="paper-before">${before}</p>`}
        <header class="paper-head">
          <h1 ref=${heading} tabindex="-1">${title}</h1>
          ${actions && html`<div class="paper-actions">${actions}</div>`}
        </header>
        ${bar}
        ${children}
      </div>
    </div>
  `;
}

/** @param {{title: string, note?: any, actions?: any, children: any}} props */
export function Section({ title, note, actions, children }) {
  return html`
    <section class="section">
      <header class="section-head">
        <h2>${title}</h2>
        ${actions && html`<div class="paper-actions">${actions}</div>`}
      </header>
      ${note && html`<p class="section-note">${note}</p>`}
      ${children}
    </section>
  `;
}
