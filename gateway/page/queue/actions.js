// What can be done with a letter, each with its key; or why this reader can do nothing.
import { html } from "../vendor.js";
import { may, online, session } from "../core/session.js";
import { Button } from "../parts/button.js";
import { approve, decidable } from "./decide.js";
import { meant } from "./seen.js";
import { panel } from "./store.js";

/**
 * Open a panel below the letter, if the letter can be decided.
 * @param {string} name @param {KeyboardEvent | MouseEvent} event What asked for it.
 */
export function openPanel(name, event) {
  if (meant(event) && decidable()) panel.value = name;
}

/** Approve the open letter. @param {KeyboardEvent | MouseEvent} event What asked for it. */
export function approveOpen(event) {
  const card = meant(event, { decides: true }) && decidable();
  if (card) approve(card);
}

/** @param {{card: import("./store.js").Card}} props */
export function Actions({ card }) {
  if (!may("decide")) return html`<${NoPermission} />`;
  const failed = card.verdict.results.filter((one) => !one.passed).length;
  const off = !online.value;
  return html`
    <div class="actions" role="toolbar" aria-label="What to do with this letter">
      <${Button} kind="main" keys="a" disabled=${off} onClick=${approveOpen}>${failed ? "Approve anyway" : "Approve"}<//>
      <${Button} keys="e" onClick=${(event) => openPanel("edit", event)}>Edit<//>
      <${Button} keys="r" disabled=${off} onClick=${(event) => openPanel("reject", event)}>Reject<//>
      <${Button} keys="c" disabled=${off} onClick=${(event) => openPanel("changes", event)}><span class="wide-only">Ask for changes</span><span class="narrow-only">Changes</span><//>
      <${Button} keys="s" disabled=${off} onClick=${(event) => openPanel("later", event)}>Later<//>
      <${Button} kind="quiet wide-only" keys="m" disabled=${off} onClick=${(event) => openPanel("comment", event)}>Comment<//>
    </div>
  `;
}

const WHY = {
  auditor: "You read as an auditor: names and texts are hidden from you, and reviewers decide.",
  operator: "You read as an operator: you start and stop runs, and reviewers decide what goes out.",
};

function NoPermission() {
  const role = (session.value.roles ?? []).find((one) => WHY[one]);
  return html`<p class="actions no-permission">${WHY[role] ?? "Your role may read here; reviewers decide."} An admin can give you the role of a reviewer.</p>`;
}
