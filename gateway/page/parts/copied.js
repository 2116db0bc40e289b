// A text to take elsewhere, with a button that does.
import { html, useEffect, useRef, useSignal } from "../vendor.js";

const SAID_MS = 2_000;

/**
 * @param {{label: string, text: string, first?: boolean}} props
 */
export function Copied({ label, text, first = false }) {
  const field = useRef(null);
  const said = useSignal("");
  useEffect(() => {
    if (!said.value) return undefined;
    const timer = setTimeout(() => (said.value = ""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said.value]);
  const copy = async () => {
    field.current.select();
    try {
      await navigator.clipboard.writeText(text);
      said.value = "Copied";
    } catch {
      // Without https, or where it is forbidden, the selected text is one key away.
      said.value = "Selected: copy it with Ctrl+C";
    }
  };
  return html`
    <div class="copied">
      <input ref=${field} class="secret" readonly value=${text} aria-label=${label} onFocus=${(event) => event.currentTarget.select()} />
      <button type="button" class="main" data-first=${first || null} onClick=${copy}>Copy</button>
      <span class="dim" role="status">${said.value}</span>
    </div>
  `;
}
