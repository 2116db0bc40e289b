// Who is on which letter. A claim is a courtesy to the others: where it cannot be said, the work goes on.
import { command, Problem } from "../core/api.js";
import { may, session } from "../core/session.js";
import { loginOf, who } from "../core/text.js";

const AGAIN_MS = 10 * 60_000;

let held = "";
let again = 0;

/** Say that we are on this letter. @param {string} emailId */
export function claim(emailId) {
  if (held === emailId || !may("decide")) return;
  release();
  held = emailId;
  const say = () => quietly(`/api/emails/${emailId}/claim`);
  say();
  // A claim ends by itself after a quarter of an hour, so that nobody's lunch holds a letter.
  again = setInterval(say, AGAIN_MS);
}

/** Say that we are not any more. */
export function release() {
  if (held) quietly(`/api/emails/${held}/release`);
  over(held);
}

/** A decision, whoever's, ends a claim by itself. @param {string} emailId */
export function over(emailId) {
  if (held !== emailId) return;
  clearInterval(again);
  held = "";
}

async function quietly(path) {
  try {
    await command(path);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

/**
 * Who else is on a letter, as a name; empty for nobody.
 * @param {import("./store.js").Card} card
 * @param {number} at In ms.
 */
export function onIt(card, at) {
  const login = loginOf(card.claimed_by);
  if (!login || login === session.value.login) return "";
  if (card.claimed_until && new Date(card.claimed_until).getTime() <= at) return "";
  return who(card.claimed_by);
}
