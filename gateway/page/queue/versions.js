// The texts that a letter has had, the first one first: who asked for another one, with what words, and what became of it.
import { html } from "../vendor.js";
import { capital, line, REDACTED, who } from "../core/text.js";
import { Time } from "../core/time.js";
import { themeOf } from "../core/words.js";

/**
 * A text, as a card has it. Who edits it names no angle; `asked_by` is empty where nobody asked for it.
 * @typedef {{version: number, by: string, at: string, why: string, asked_by: string, angle: string, variant: number | null}} Version
 * @param {{all: Version[]}} props
 */
export const Versions = ({ all }) => html`
  <ol class="versions">
    ${all.map((one, index) => html`
      <li key=${one.version}>
        <strong>Version ${one.version}</strong> by ${who(one.by)}, <${Time} at=${one.at} form="long" />
        ${one.asked_by ? html`<p>${askedOf(one)}</p>` : one.why && html`<p class="dim">${capital(line(one.why))}</p>`}
        ${one.angle && html`<p class="dim">${wrote(one, all[index - 1])}</p>`}
      </li>
    `)}
  </ol>
`;

/** Who asked for a text, and in which words. @param {Version} version */
export function askedOf({ asked_by, why }) {
  if (why === REDACTED) return `${who(asked_by)} asked for it; the words are hidden from you.`;
  return `${who(asked_by)} asked: “${line(why)}”`;
}

/** @param {Version} version @param {Version | undefined} before */
function wrote({ angle, variant }, before) {
  const same = before && before.angle === angle && before.variant === variant;
  return `Angle: ${themeOf(angle)}, opener ${(variant ?? 0) + 1}${same ? ", both as before" : ""}.`;
}
