// What can be done with a letter, each with its key; or why this reader can do nothing.
import { html } from "../vendor.js";
import { may, online, session } from "../core/session.js";
import { Button } from "../parts/button.js";
import { approve, decidable } from "./decide.js";
import { panel } from "./store.js";

/** Open a panel below the letter, if the letter can be decided. @param {string} name */
export function openPanel(name) {
  if (decidable()) panel.value = name;
}

/** Approve the open letter. */
export function approveOpen() {
  const card = decidable();
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
      <${Button} keys="e" onClick=${() => openPanel("edit")}>Edit<//>
      <${Button} keys="r" disabled=${off} onClick=${() => openPanel("reject")}>Reject<//>
      <${Button} keys="c" disabled=${off} onClick=${() => openPanel("changes")}><span class="wide-only">Ask for changes</span><span class="narrow-only">Changes</span><//>
      <${Button} keys="s" disabled=${off} onClick=${() => openPanel("later")}>Later<//>
      <${Button} kind="quiet" keys="m" disabled=${off} onClick=${() => openPanel("comment")}>Comment<//>
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
