// Before something that is not taken back by one key: what it does, a reason where one is wanted, and the button that does it.
import { html, useSignal } from "../vendor.js";
import { command, newKey } from "../core/api.js";
import { Dialog } from "./dialog.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "./field.js";

const REASON_MIN = 3;

/**
 * @param {{title: string, path: string, verb: string, onClose: () => void, onDone: (position: string, data: any) => void, reason?: "" | "wanted" | "may", body?: object, method?: string, kind?: "danger" | "main", hint?: string, conflict?: (problem: Problem) => string, children: any}} props
 *   `body` is what is sent beside the reason; `conflict` says in words what stands, where somebody else was first.
 */
export function Because({ title, path, verb, onClose, onDone, reason = "wanted", body = {}, method, kind = "danger", hint, conflict, children }) {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const key = useSignal(newKey());
  const onSubmit = async (event) => {
    event.preventDefault();
    const said = String(new FormData(event.currentTarget).get("reason") ?? "").trim();
    if (reason === "wanted" && said.length < REASON_MIN) {
      wrong.value = { field: "reason", text: "Say why in a few words." };
      event.currentTarget.elements.reason.focus();
      return;
    }
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    try {
      const { position, data } = await command(path, reason ? { ...body, reason: said } : body, { key: key.value, method });
      onClose();
      onDone(position, data);
    } catch (failed) {
      wrong.value = wrongOf(failed, ["reason"]);
      if (failed.status === 409 && conflict) wrong.value = { field: "", text: conflict(failed) };
      if (!failed.away) key.value = newKey();
    }
    busy.value = false;
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <form class="stack" onSubmit=${onSubmit} noValidate>
        ${children}
        ${reason && html`<${Field} label=${reason === "wanted" ? "Reason" : "Reason, if there is one to say"} name="reason" hint=${hint} wrong=${wrong.value} maxlength="2000" autocomplete="off" data-first />`}
        <${FormWrong} wrong=${wrong.value} />
        <div class="row">
          <button class=${kind} disabled=${busy.value} data-first=${!reason || null}>${verb}</button>
          <button type="button" class="quiet" onClick=${onClose}>Keep as it is</button>
        </div>
      </form>
    <//>
  `;
}
