// Bands across every page: what everybody has to know before they decide anything.
import { html } from "../vendor.js";
import { feedState } from "../core/feed.js";
import { follow, path } from "../core/router.js";
import { online, reached, session, wordAt } from "../core/session.js";
import { clockWithSeconds } from "../core/time.js";
import { unresolved, WHERE } from "../core/unresolved.js";

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
    ${unresolved.value > 0 && path.value === "/" && html`
      <div class="band" role="status">
        <strong>${unresolved.value === 1 ? "Of one letter nobody knows whether it arrived." : `Of ${unresolved.value.toLocaleString()} letters nobody knows whether they arrived.`}</strong>${" "}
        ${unresolved.value === 1 ? "It is" : "They are"} not sent again by ${unresolved.value === 1 ? "itself" : "themselves"}. <a href=${WHERE} onClick=${follow}>See whose</a>
      </div>
    `}
  `;
}
