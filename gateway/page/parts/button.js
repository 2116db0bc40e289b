// A button that shows its key.
import { html } from "../vendor.js";

/**
 * @param {{keys?: string, kind?: "main" | "danger" | "quiet" | "", onClick?: (event: Event) => void, children: any} & Record<string, any>} props
 */
export function Button({ keys = "", kind = "", children, ...rest }) {
  // The key is for the eye; a screen reader hears it by `aria-keyshortcuts`.
  return html`
    <button type="button" class=${kind} aria-keyshortcuts=${keys || null} ...${rest}>
      ${children}${keys && html`<kbd aria-hidden="true">${keys}</kbd>`}
    </button>
  `;
}
