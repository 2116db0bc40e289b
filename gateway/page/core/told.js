// Renews what a page shows when facts came that it is about; a moment's facts together.
import { onFact } from "./feed.js";

const TOGETHER_MS = 300;

/**
 * @param {(fact: any) => boolean} speaks Whether a fact is about what is shown.
 * @param {(facts: any[]) => void} renew What came since the last time; a `reset` among it means: anything.
 * @param {{categories?: string[], restMs?: number}} [how] The categories needed beside e-mails and policy.
 * @returns {() => void} Stops it.
 */
export function whenTold(speaks, renew, { categories = [], restMs = TOGETHER_MS } = {}) {
  let timer = 0;
  let facts = [];
  const stop = onFact((fact) => {
    if (fact.type !== "reset" && !speaks(fact)) return;
    facts.push(fact);
    timer ||= setTimeout(() => {
      const some = facts;
      timer = 0;
      facts = [];
      renew(some);
    }, restMs);
  }, categories);
  return () => {
    stop();
    clearTimeout(timer);
  };
}
