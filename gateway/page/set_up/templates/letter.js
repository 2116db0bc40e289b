// A letter as it would be written: subject and text, the facts behind its words, and what the checks say.
import { html } from "../../vendor.js";
import { capital, clean, line, plain, words } from "../../core/text.js";
import { themeOf } from "../../core/words.js";
import { Standing } from "../../parts/mark.js";
import { SOURCES } from "../../queue/reasons.js";
import { LANGUAGES } from "../offer/used.js";

/** @param {{letter: any}} props As the gateway writes it for a look. */
export function Letter({ letter }) {
  return html`
    <p class="dim">${capital(themeOf(letter.angle))} in ${LANGUAGES[letter.language] ?? line(letter.language)}, opener ${letter.variant + 1} of ${letter.openers}, ${letter.own ? "your own template" : "the shipped template"}.</p>
    <article class="letter sample" aria-label="The letter">
      <h3 class="subject"><span class="unseen">Subject: </span>${line(letter.subject)}</h3>
      <div class="body">${clean(letter.text).trimEnd()}</div>
    </article>
    <div>
      <h3>What it says of them</h3>
      ${letter.claims.length
        ? html`<ul class="points-list">${letter.claims.map((one, index) => html`<li key=${index}>${words(one.field)}: ${line(one.words) || "in the greeting"} <span class="dim">(from ${SOURCES[one.source] ?? words(one.source)})</span></li>`)}</ul>`
        : html`<p class="dim">Nothing.</p>`}
    </div>
    <div>
      <h3>Checks</h3>
      ${letter.stops.length
        ? html`<ul class="points-list">${letter.stops.map((one) => html`<li key=${one.rule}><${Standing} kind="warn">The guard stops it:<//> ${plain(one.found)}</li>`)}</ul>`
        : html`<p><${Standing} kind="good">The guard lets it pass.<//></p>`}
    </div>
  `;
}
