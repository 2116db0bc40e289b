// The own tokens, for programs, and where one is signed in: each can be ended, and a new token is told once.
import { html, useSignal } from "../vendor.js";
import { useLoaded } from "../core/loaded.js";
import { PERMISSIONS } from "../core/rights.js";
import { session, signOut } from "../core/session.js";
import { line } from "../core/text.js";
import { Time } from "../core/time.js";
import { Because } from "../parts/because.js";
import { say } from "../parts/notices.js";
import { Rows } from "../parts/rows.js";
import { Section } from "../parts/paper.js";
import { Bones, Stale, Trouble } from "../parts/trouble.js";
import { mine } from "./mine.js";
import { NewToken } from "./new_token.js";

export const WAYS = { password: "by password", link: "by a link", oidc: "at the identity provider" };

export function Tokens() {
  const making = useSignal(false);
  const ending = useSignal(null);
  useLoaded(mine, [session.value.login]);
  const all = mine.data.value;
  if (!all) {
    return html`
      <${Section} title="Your tokens">
        ${mine.problem.value ? html`<${Trouble} problem=${mine.problem.value} what="Your tokens" onAgain=${mine.load} />` : html`<${Bones} rows=${2} words="Loading your tokens" />`}
      <//>
    `;
  }
  const of = (kind) => all.filter((one) => one.kind === kind);
  const end = (one) => html`<button type="button" class="small" aria-label=${one.kind === "token" ? `Revoke the token ${nameOf(one)}` : "End this session"} onClick=${() => (ending.value = one)}>${one.kind === "token" ? "Revoke …" : "End …"}</button>`;
  return html`
    <${Section} title="Your tokens" note="A token lets a program act as you: the command line, a script. It can do no more than you can." actions=${html`<button type="button" onClick=${() => (making.value = true)}>New token</button>`}>
      <${Stale} view=${mine} />
      ${of("token").length
        ? html`<${Rows} label="Your tokens" columns=${[...TOKEN, { word: "End it", kind: "acts", cell: end }]} rows=${of("token")} keyOf=${(one) => one.token_id} />`
        : html`<p class="dim">You have none. The page needs none.</p>`}
    <//>
    <${Section} title="Where you are signed in">
      <${Rows} label="Your sessions" columns=${[...SESSION, { word: "End it", kind: "acts", cell: (one) => (one.ours ? html`<button type="button" class="small" onClick=${leave}>Sign out</button>` : end(one)) }]} rows=${of("session")} keyOf=${(one) => one.token_id} />
    <//>
    ${making.value && html`<${NewToken} onClose=${() => (making.value = false)} />`}
    ${ending.value && html`<${End} one=${ending.value} onClose=${() => (ending.value = null)} />`}
  `;
}

const nameOf = (one) => line(one.label) || "without a name";

const TOKEN = [
  { word: "Token", cell: (one) => html`${nameOf(one)}` },
  { word: "May", cell: (one) => html`<span class="dim">${one.scopes.length ? one.scopes.map((scope) => PERMISSIONS[scope] ?? scope).join(", ") : "do all that you may"}</span>` },
  { word: "Made", cell: (one) => html`<${Time} at=${one.created_at} />` },
  { word: "Ends", cell: (one) => html`<${Time} at=${one.expires_at} />` },
];
const SESSION = [
  { word: "Session", cell: (one) => (one.ours ? html`<strong>Here</strong>` : line(one.label) || "Another browser") },
  { word: "Began", cell: (one) => html`<${Time} at=${one.created_at} form="long" /> <span class="dim">${WAYS[one.way] ?? ""}</span>` },
  { word: "Ends", cell: (one) => html`<${Time} at=${one.expires_at} form="long" />` },
];

async function leave() {
  try {
    await signOut();
  } catch (problem) {
    say({ text: `Still signed in: ${problem.sentence}`, kind: "failed" });
  }
}

function End({ one, onClose }) {
  const token = one.kind === "token";
  const done = (position) => {
    say({ text: token ? `Revoked: ${nameOf(one)}.` : "That session is over." });
    mine.load(position);
  };
  return html`
    <${Because} title=${token ? `Revoke ${nameOf(one)}` : "End the session"} path=${`/api/tokens/${encodeURIComponent(one.token_id)}/revoke`} verb=${token ? "Revoke it" : "End it"} reason="may" onClose=${onClose} onDone=${done}>
      <p>${token ? "Whatever uses it is refused from now on. It cannot be brought back." : "Whoever reads there has to sign in again."}</p>
    <//>
  `;
}
