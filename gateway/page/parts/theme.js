// Light, dark, or as the machine has it: wherever it is offered, the choice is the same one.
import { html, signal, useId } from "../vendor.js";

const THEMES = ["system", "light", "dark"];
const root = document.documentElement;
const chosen = signal(root.dataset.theme ?? "system");

function choose(value) {
  chosen.value = value;
  if (value === "system") delete root.dataset.theme;
  else root.dataset.theme = value;
  try {
    if (value === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", value);
  } catch {
    // It holds until the page is left.
  }
}

export function Theme() {
  const name = useId();
  return html`
    <fieldset class="theme">
      <legend>Theme</legend>
      ${THEMES.map((one) => html`
        <label key=${one}><input type="radio" name=${name} value=${one} checked=${one === chosen.value} onChange=${() => choose(one)} /> ${one}</label>
      `)}
    </fieldset>
  `;
}
