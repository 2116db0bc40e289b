// Above a list: a search, what is asked for as chips that go away by a click, and the choices behind one button.
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "../vendor.js";

const SEARCH_AFTER_MS = 200;
/** What `f` does on a page with filters. */
const UNFOLD = "filters:unfold";

export const unfoldFilters = () => dispatchEvent(new Event(UNFOLD));
export const focusSearch = (event) => {
  event.preventDefault();
  document.getElementById("search")?.focus();
};

/**
 * @typedef {{name: string, label: string, choices: [value: string, word: string][]}} Field
 * @param {{chosen: Record<string, string>, fields: Field[], search?: string, onAsk: (change: Record<string, string>) => void, onClear?: (() => void) | null, csv?: string, file?: string, children?: any}} props
 *   `chosen` by name of a field, and `q` for the search, whose label is `search`; `csv` is the address of the list as a
 *   file. `onClear` is for a page that filters by more than these: null where nothing is chosen. `children` stand at the
 *   end of the line.
 */
export function Filters({ chosen, fields, search = "", onAsk, onClear, csv = "", file = "", children }) {
  const open = useSignal(false);
  useEffect(() => {
    const unfold = () => {
      open.value = !open.value;
    };
    addEventListener(UNFOLD, unfold);
    return () => removeEventListener(UNFOLD, unfold);
  }, []);
  const none = Object.fromEntries([...fields.map((one) => one.name), ...(search ? ["q"] : [])].map((name) => [name, ""]));
  const on = fields.filter((one) => chosen[one.name]);
  const clear = onClear === undefined ? (on.length > 0 || chosen.q) && (() => onAsk(none)) : onClear;
  return html`
    <div class="toolbar">
      ${search && html`<${Search} label=${search} value=${chosen.q} onAsk=${onAsk} />`}
      <button type="button" class="chip" aria-expanded=${open.value} aria-keyshortcuts="f" onClick=${() => (open.value = !open.value)}>Filter <kbd aria-hidden="true">f</kbd></button>
      ${on.map((field) => html`
        <button key=${field.name} type="button" class="chip on" onClick=${() => onAsk({ [field.name]: "" })}>
          ${field.label}: ${wordOf(field, chosen[field.name])} <span aria-hidden="true">✕</span><span class="unseen">: remove this filter</span>
        </button>
      `)}
      ${clear && html`<button type="button" class="quiet small" onClick=${clear}>Clear all</button>`}
      ${children}
      ${csv && html`<a class="file" href=${csv} download=${file}>CSV<span class="unseen">: this list as a file</span></a>`}
      ${open.value && html`<${Choices} fields=${fields} chosen=${chosen} onAsk=${onAsk} onClose=${() => (open.value = false)} />`}
    </div>
  `;
}

const wordOf = (field, value) => field.choices.find(([one]) => one === value)?.[1] ?? value;

function Search({ label, value, onAsk }) {
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (event) => {
    const q = event.currentTarget.value.trim();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onAsk({ q }), SEARCH_AFTER_MS);
  };
  const onKeyDown = (event) => {
    if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
  };
  return html`
    <label class="search">
      <span class="unseen">${label}</span>
      <input id="search" type="search" placeholder="Search" value=${value} maxlength="200" autocomplete="off" aria-keyshortcuts="/" onInput=${onInput} onKeyDown=${onKeyDown} />
      <kbd aria-hidden="true">/</kbd>
    </label>
  `;
}

function Choices({ fields, chosen, onAsk, onClose }) {
  const first = useRef(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return html`
    <div class="filters" role="group" aria-label="Filters" onKeyDown=${onKeyDown}>
      ${fields.map((field, index) => html`
        <label key=${field.name}>${field.label}
          <select ref=${index === 0 ? first : null} value=${chosen[field.name]} onChange=${(event) => onAsk({ [field.name]: event.currentTarget.value })}>
            <option value="">any</option>
            ${withChosen(field, chosen[field.name]).map(([value, word]) => html`<option key=${value} value=${value}>${word}</option>`)}
          </select>
        </label>
      `)}
    </div>
  `;
}

/** What is asked for stays among the choices, though nothing that is seen has it. */
const withChosen = (field, value) => (value && !field.choices.some(([one]) => one === value) ? [...field.choices, [value, value]] : field.choices);
