// Somebody who is let in, or gets other roles.
import { html, useSignal } from "../vendor.js";
import { command, newKey } from "../core/api.js";
import { ROLES } from "../core/rights.js";
import { line } from "../core/text.js";
import { Dialog } from "../parts/dialog.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../parts/field.js";

/** @param {{person: any, rolesAlone?: boolean, onClose: () => void, onDone: (login: string, position: string) => void}} props `person` is null for somebody new. */
export function Person({ person, rolesAlone = false, onClose, onDone }) {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const key = useSignal(newKey());
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const roles = said.getAll("role");
    const login = person?.login ?? String(said.get("login")).trim();
    if (!login || !roles.length) {
      wrong.value = login ? { field: "roles", text: "Choose at least one role." } : { field: "login", text: "Say what they sign in with." };
      form.querySelector(login ? "[name=role]" : "[name=login]").focus();
      return;
    }
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    try {
      const { position } = rolesAlone
        ? await command(`/api/users/${encodeURIComponent(login)}/roles`, { roles }, { key: key.value })
        : await command("/api/users", { login, roles, name: person ? line(person.name) : String(said.get("name")).trim() }, { key: key.value });
      onDone(login, position);
    } catch (failed) {
      wrong.value = wrongOf(failed, ["login", "name", "roles"]);
      if (!failed.away) key.value = newKey();
    }
    busy.value = false;
  };
  const title = rolesAlone ? `Roles of ${line(person.name) || person.login}` : person ? `Let ${line(person.name) || person.login} in again` : "Add a person";
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <form class="stack" onSubmit=${onSubmit} noValidate>
        ${!person && html`
          <${Field} label="Login" name="login" hint="What they sign in with: letters, digits, dots, hyphens." wrong=${wrong.value} maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" data-first />
          <${Field} label="Name" name="name" hint="What people call them; may stay empty." wrong=${wrong.value} maxlength="200" autocomplete="off" />
        `}
        <fieldset class="choices" aria-describedby="roles-wrong">
          <legend>Roles</legend>
          ${Object.entries(ROLES).map(([role, means], index) => html`
            <label key=${role} class="check"><input type="checkbox" name="role" value=${role} defaultChecked=${person?.roles.includes(role) ?? false} data-first=${(person && index === 0) || null} /> <span><strong>${role}</strong> <span class="dim">${means}</span></span></label>
          `)}
        </fieldset>
        <p class="form-problem" id="roles-wrong" role="alert">${wrong.value.field === "roles" ? wrong.value.text : ""}</p>
        <${FormWrong} wrong=${wrong.value} />
        <div class="row">
          <button class="main" disabled=${busy.value}>${rolesAlone ? "Give these roles" : "Let them in"}</button>
          <button type="button" class="quiet" onClick=${onClose}>Cancel</button>
        </div>
      </form>
    <//>
  `;
}
