// A field with its label, what to know before filling it, and what was wrong with it.
import { html, useId } from "../vendor.js";
import { Problem } from "../core/api.js";

/**
 * What went wrong, and with which field; `""` is the form as a whole.
 * @typedef {{field: string, text: string}} Wrong
 */
export const NOTHING_WRONG = { field: "", text: "" };

/**
 * @param {unknown} failed
 * @param {string[]} known The fields that are seen; what is wrong with any other is said of the whole.
 * @returns {Wrong}
 */
export function wrongOf(failed, known) {
  if (!(failed instanceof Problem)) throw failed;
  return { field: known.includes(failed.field) ? failed.field : "", text: failed.sentence };
}

/**
 * @param {{label: any, name: string, hint?: any, wrong?: Wrong, as?: "input" | "select" | "textarea", children?: any} & Record<string, any>} props
 */
export function Field({ label, name, hint, wrong = NOTHING_WRONG, as = "input", children, ...rest }) {
  const id = useId();
  const mine = wrong.field === name ? wrong.text : "";
  const told = [hint && `${id}-hint`, mine && `${id}-wrong`].filter(Boolean).join(" ");
  const given = { id, name, "aria-describedby": told || null, "aria-invalid": mine ? "true" : null, ...rest };
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${as === "select" ? html`<select ...${given}>${children}</select>` : as === "textarea" ? html`<textarea ...${given}></textarea>` : html`<input ...${given} />`}
      ${hint && html`<p class="field-hint" id=${`${id}-hint`}>${hint}</p>`}
      <p class="form-problem" id=${`${id}-wrong`} role="alert">${mine}</p>
    </div>
  `;
}

/** What is wrong with the form as a whole. @param {{wrong: Wrong}} props */
export const FormWrong = ({ wrong }) => html`<p class="form-problem" role="alert">${wrong.field ? "" : wrong.text}</p>`;
