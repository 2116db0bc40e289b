// A dialog over the page: the browser keeps the focus inside, and it goes back where it was.
import { html, useId, useLayoutEffect, useRef } from "../vendor.js";

/**
 * @param {{title: string, onClose: () => void, wide?: boolean, children: any}} props
 */
export function Dialog({ title, onClose, wide = false, children }) {
  const dialog = useRef(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    dialog.current.querySelector("[data-first]")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const onClick = (event) => {
    if (event.target === dialog.current) onClose();
  };
  const onCancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`
    <dialog ref=${dialog} class=${wide ? "dialog wide" : "dialog"} aria-labelledby=${id} onCancel=${onCancel} onClick=${onClick}>
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id=${id}>${title}</h2>
          <button type="button" class="quiet" onClick=${onClose}>Close <kbd>Esc</kbd></button>
        </header>
        ${children}
      </div>
    </dialog>
  `;
}
