// What stands where something could not be read, and that what is still seen is from before.
import { html } from "../vendor.js";
import { WHO_MAY } from "../core/rights.js";
import { session } from "../core/session.js";
import { clockWithSeconds } from "../core/time.js";
import { Failed } from "./failed.js";
import { State } from "./state.js";

/**
 * In place of what was never read.
 * @param {{problem: import("../core/api.js").Problem, what: string, onAgain: () => void}} props `what` begins a sentence: "The runs".
 */
export function Trouble({ problem, what, onAgain }) {
  if (problem.status === 403) return html`<${State} title=${`${what} are not for you to see`} mark="lock"><p>${problem.sentence}</p><//>`;
  return html`<${Failed} what=${what} problem=${problem} again=${() => onAgain()} />`;
}

/** Above what was read before, where asking again failed. */
export function Stale({ view }) {
  if (!view.problem.value || !view.at.value) return null;
  const why = view.problem.value.away ? "The server cannot be reached" : view.problem.value.detail.replace(/\.$/, "");
  return html`<p class="said warn" role="status"><strong>As of ${clockWithSeconds(view.at.value)}.</strong> ${why}; trying again.</p>`;
}

/**
 * What somebody may not do here, and who may.
 * @param {{permission: keyof typeof WHO_MAY, what: string}} props `what` as in "start runs".
 */
export function NotYours({ permission, what }) {
  const roles = (session.value.roles ?? []).map((role) => `${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`).join(" and ");
  return html`<p class="no-permission">You are ${roles || "here without a role"}: you can look. ${WHO_MAY[permission].replace(/^./, (first) => first.toUpperCase())} ${what}.</p>`;
}

/** @param {{rows?: number, words: string}} props */
export const Bones = ({ rows = 4, words }) => html`
  <div class="bones paper-bones"><p class="unseen" role="status">${words}</p>${Array.from({ length: rows }, (_, index) => html`<i key=${index}></i>`)}</div>
`;
