// Settings: oneself, what may leave this machine, tokens, and people.
import { html } from "../vendor.js";
import { ROLES } from "../core/rights.js";
import { may, session } from "../core/session.js";
import { line } from "../core/text.js";
import { Time } from "../core/time.js";
import { Section, Paper } from "../parts/paper.js";
import { Theme } from "../parts/theme.js";
import { NotYours } from "../parts/trouble.js";
import { Password } from "./password.js";
import { People } from "./people.js";
import { Policy } from "./policy.js";
import { Tokens } from "./tokens.js";

export function Settings() {
  const { name, login, roles = [], expires_at: ends } = session.value;
  return html`
    <${Paper} title="Settings">
      <${Section} title="You">
        <dl class="facts-list">
          <div><dt>Name</dt><dd>${line(name) || html`<span class="dim">none given</span>`}</dd></div>
          <div><dt>Login</dt><dd>${line(login)}</dd></div>
          <div><dt>${roles.length === 1 ? "Role" : "Roles"}</dt><dd>${roles.map((role) => html`<p key=${role}>${role}: ${ROLES[role] ?? ""}</p>`)}</dd></div>
          <div><dt>Signed in until</dt><dd><${Time} at=${ends} form="long" /></dd></div>
        </dl>
        <${Theme} />
      <//>
      <${Password} />
      <${Policy} />
      <${Tokens} />
      ${may("admin")
        ? html`<${People} />`
        : html`<${Section} title="People"><${NotYours} permission="admin" what="let people in and change their roles" /><//>`}
    <//>
  `;
}
