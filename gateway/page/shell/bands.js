// Bands across every page: what everybody has to know before they decide anything.
import { html } from "../vendor.js";
import { feedState } from "../core/feed.js";
import { online, reached, session, wordAt } from "../core/session.js";
import { clockWithSeconds } from "../core/time.js";

export function Bands() {
  const { halted } = session.value;
  const stale = feedState.value === "lost" || !reached.value;
  return html`
    ${halted && html`
      <div class="band halted" role="alert">
        <strong>Halted.</strong> Nothing goes out until an admin resumes it. You can still read and decide; what you approve waits.
      </div>
    `}
    ${!online.value
      ? html`
          <div class="band offline" role="alert">
            <strong>Offline.</strong> You see the queue as of ${clockWithSeconds(wordAt.value)}. Decisions are refused until
            the network is back; what you type is kept.
          </div>
        `
      : stale && html`
          <div class="band stale" role="alert">
            <strong>As of ${clockWithSeconds(wordAt.value)}.</strong> The server cannot be reached; reconnecting.
          </div>
        `}
  `;
}
