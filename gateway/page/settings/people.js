// The people who may work here: let in, given other roles, given a link, let in no more.
import { html, useSignal } from "../vendor.js";
import { get } from "../core/api.js";
import { loaded, useLoaded } from "../core/loaded.js";
import { look, session } from "../core/session.js";
import { counted, line } from "../core/text.js";
import { Time } from "../core/time.js";
import { Because } from "../parts/because.js";
import { Standing } from "../parts/mark.js";
import { say } from "../parts/notices.js";
import { Rows } from "../parts/rows.js";
import { Section } from "../parts/paper.js";
import { Bones, Stale, Trouble } from "../parts/trouble.js";
import { Link } from "./link.js";
import { Person } from "./person.js";

const PAGE = 200;

const view = loaded(async (after = "") => {
  const people = [];
  let cursor = "";
  do {
    const { data } = await get("/api/users", { limit: PAGE, cursor, after });
    people.push(...data.items);
    cursor = data.next;
  } while (cursor);
  return people.sort((one, other) => other.open - one.open);
});

export function People() {
  const open = useSignal({ what: "", person: null });
  const close = () => {
    open.value = { what: "", person: null };
  };
  useLoaded(view);
  const changed = (text) => (position) => {
    say({ text });
    view.load(position);
    look();
  };
  const people = view.data.value;
  const { what, person } = open.value;
  const show = (what, person = null) => () => {
    open.value = { what, person };
  };
  const acts = (one) => html`
    <span class="acts">
      ${one.open
        ? html`
            <button type="button" class="small" aria-label=${`A sign-in link for ${called(one)}`} onClick=${show("link", one)}>Link …</button>
            <button type="button" class="small" aria-label=${`Roles of ${called(one)}`} onClick=${show("roles", one)}>Roles …</button>
            ${one.login !== session.value.login && html`<button type="button" class="small danger" aria-label=${`Close the account of ${called(one)}`} onClick=${show("close", one)}>Close …</button>`}
          `
        : html`<button type="button" class="small" aria-label=${`Let ${called(one)} in again`} onClick=${show("add", one)}>Let in again …</button>`}
    </span>
  `;
  return html`
    <${Section} title="People" note="Whoever may work here, and as what. What changes holds at once, wherever they are signed in." actions=${html`<button type="button" onClick=${show("add")}>Add a person</button>`}>
      <${Stale} view=${view} />
      ${people
        ? html`<${Rows} label="People" columns=${[...COLUMNS, { word: "Change", kind: "acts", cell: acts }]} rows=${people} keyOf=${(one) => one.login} />`
        : view.problem.value
          ? html`<${Trouble} problem=${view.problem.value} what="The people" onAgain=${view.load} />`
          : html`<${Bones} words="Loading the people" />`}
    <//>
    ${what === "add" && html`<${Person} person=${person} onClose=${close} onDone=${(login, position) => { changed(`${login} may work here now.`)(position); open.value = { what: "link", person: { login, name: "" } }; }} />`}
    ${what === "roles" && html`<${Person} person=${person} rolesAlone onClose=${close} onDone=${(login, position) => { changed(`${login} has other roles now.`)(position); close(); }} />`}
    ${what === "link" && html`<${Link} person=${person} onClose=${close} />`}
    ${what === "close" && html`
      <${Because} title=${`Close the account of ${called(person)}`} path=${`/api/users/${encodeURIComponent(person.login)}/close`} verb="Close the account" onClose=${close} onDone=${changed(`${called(person)} may work here no more.`)}>
        <p>They are signed out everywhere at once, and their ${person.tokens ? counted(person.tokens, "token is", "tokens are") : "tokens are"} dead for good. What they decided stays as it is. They can be let in again.</p>
      <//>
    `}
  `;
}

const called = (one) => line(one.name) || one.login;

const COLUMNS = [
  { word: "Person", cell: (one) => html`${called(one)}${one.login === session.value.login ? html` <span class="dim">you</span>` : line(one.name) && html` <span class="dim">${one.login}</span>`}` },
  { word: "Roles", cell: (one) => one.roles.join(", ") },
  { word: "Comes", cell: (one) => html`<span class="dim">${comes(one)}</span>` },
  { word: "Account", cell: (one) => (one.open ? html`<${Standing} kind="good">open<//>` : html`<${Standing} kind="none">closed<//> <span class="dim">${one.closed_at && html`<${Time} at=${one.closed_at} />`}</span>`) },
];

function comes({ open, password_at: password, sessions, tokens }) {
  if (!open) return "no more";
  const parts = [password ? "by password" : "has no password yet", sessions && counted(sessions, "session"), tokens && counted(tokens, "token")];
  return parts.filter(Boolean).join(", ");
}
