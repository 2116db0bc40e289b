// What a list says that could not be read, or that is older than it should be.
import { html, useEffect } from "../vendor.js";
import { State } from "./state.js";

const AGAIN_MS = 3_000;

/** @param {{what: string, problem: import("../core/api.js").Problem, again: () => void, alone?: boolean}} props `what` as in "The leads"; `alone` as of `State`. */
export function Failed({ what, problem, again, alone = false }) {
  useEffect(() => {
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const { away, status, sentence } = problem;
  return html`
    <${State} title=${away ? "The server cannot be reached" : status === 503 ? "The store is away" : `${what} could not be read`} mark="away" alone=${alone}>
      <p>${away ? "Nothing is lost. It is tried again by itself." : sentence}</p>
      <button type="button" class="main" onClick=${again}>Try now</button>
    <//>
  `;
}

/** Above what is still seen: that it may be old. @param {{problem: import("../core/api.js").Problem | null, again: () => void}} props */
export function Old({ problem, again }) {
  // A server that cannot be reached is told of across every page.
  if (!problem || problem.away) return null;
  return html`<p class="said warn" role="status">This could not be renewed: ${problem.sentence} <button type="button" onClick=${again}>Try now</button></p>`;
}
