// Letters of which nobody knows whether they arrived: nothing sends them again, so a person has to look.
import { signal } from "../vendor.js";
import { address, get, Problem } from "./api.js";
import { onFact, place } from "./feed.js";

/** Where their leads stand, as the gateway says it. */
export const STANDS = "sent or not, a person has to look";
/** How many there are. */
export const unresolved = signal(0);
export const WHERE = address("/leads", { stands: STANDS });

const TOGETHER_MS = 1_000;
/** What can make one, or end one. Counting reads every lead, so the latter are heard only while there is one. */
const BEGINS = new Set(["email.unresolved.v1"]);
const ENDS = new Set(["email.sent.v1", "email.failed.v1"]);

/** @param {string} [after] A position that the count has to include. */
async function count(after = "") {
  try {
    unresolved.value = (await get("/api/leads/funnel", { after })).data.stands[STANDS] ?? 0;
  } catch (problem) {
    // What was known stays.
    if (!(problem instanceof Problem)) throw problem;
  }
}

/** Keep the count until the returned function is called. */
export function countUnresolved() {
  let timer = 0;
  const soon = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      count(place.value);
    }, TOGETHER_MS);
  };
  count();
  const stop = onFact(({ type }) => {
    if (BEGINS.has(type) || type === "reset" || (unresolved.value > 0 && ENDS.has(type))) soon();
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
