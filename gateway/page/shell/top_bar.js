// The bar at the top: pages with counts, the phase, where and how fresh, and who reads.
import { html, useEffect, useRef } from "../vendor.js";
import { Problem } from "../core/api.js";
import { feedState, place } from "../core/feed.js";
import { PHASES, ROLES } from "../core/rights.js";
import { follow, path } from "../core/router.js";
import { may, online, reached, session, signOut, wordAt } from "../core/session.js";
import { line } from "../core/text.js";
import { clockWithSeconds, now } from "../core/time.js";
import { say } from "../parts/notices.js";
import { Theme } from "../parts/theme.js";
import { pageAt, PAGES } from "./pages.js";

const short = (words) => words.split(":")[0];

/** @param {{onHelp: () => void}} props */
export function TopBar({ onHelp }) {
  const { namespace, phase } = session.value;
  const words = PHASES[phase] ?? line(phase);
  const pages = useRef(null);
  // Where the pages do not all fit, the present one is among those seen.
  useEffect(() => {
    pages.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path.value, PAGES.map((one) => one.count?.()).join()]);
  return html`
    <header class="top">
      <span class="brand" aria-hidden="true">Alpha Swarm</span>
      <nav ref=${pages} aria-label="Pages">
        <ul>
          ${PAGES.filter((one) => !one.needs || may(one.needs)).map((one) => html`<li key=${one.path}><${PageLink} to=${one} /></li>`)}
        </ul>
      </nav>
      <div class="top-facts">
        ${phase && html`
          <span class=${`phase ${line(phase)}`} title=${words}>
            <span class="wide-only">${words}</span><span class="narrow-only">${short(words)}</span>
          </span>
        `}
        <span class="namespace" title="The namespace: everything here belongs to it"><span class="unseen">Namespace </span>${line(namespace)}</span>
        <${Freshness} />
        <button type="button" class="quiet help-button" onClick=${onHelp} aria-keyshortcuts="?">Keys <kbd aria-hidden="true">?</kbd></button>
        <${Who} />
      </div>
    </header>
  `;
}

function PageLink({ to }) {
  const count = to.count?.();
  return html`
    <a href=${to.path} onClick=${follow} aria-current=${pageAt(path.value) === to ? "page" : null}>
      ${to.word}${Number.isFinite(count) && html` <span class="count">${count.toLocaleString()}</span>`}
    </a>
  `;
}

/** How old what is seen may be: the seconds since the gateway last said anything. */
function Freshness() {
  const lost = feedState.value === "lost" || !reached.value || !online.value;
  const s = Math.max(0, Math.round((now.value - wordAt.value) / 1000));
  const title = `Last word from the server at ${clockWithSeconds(wordAt.value)}${place.value ? `, at place ${place.value} of the log` : ""}`;
  if (lost) return html`<span class="fresh lost" title=${title}><i></i>as of ${clockWithSeconds(wordAt.value)}</span>`;
  const word = feedState.value === "live" ? "live" : "connecting";
  return html`<span class=${`fresh ${word}`} title=${title}><i></i>${word} · ${s} s</span>`;
}

function Who() {
  const { name, login, roles = [] } = session.value;
  const menu = useRef(null);
  const called = line(name || login);
  const initials = called.split(" ").map((part) => part[0]).join("").slice(0, 2).toUpperCase();
  useEffect(() => {
    const close = (event) => {
      if (!menu.current.open) return;
      const left = event.type === "pointerdown" ? !menu.current.contains(event.target) : event.key === "Escape";
      if (left) menu.current.open = false;
    };
    addEventListener("pointerdown", close);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("keydown", close);
    };
  }, []);
  return html`
    <details class="menu" ref=${menu}>
      <summary aria-label=${`${called}: you, and how the page looks`}>${initials}</summary>
      <div class="menu-body">
        <p class="menu-name">${called}</p>
        <p class="dim narrow-only">Namespace ${line(session.value.namespace)}. ${PHASES[session.value.phase] ?? ""}</p>
        ${roles.map((role) => html`<p class="dim" key=${role}>${role}: ${ROLES[role] ?? ""}</p>`)}
        <${Theme} />
        <button type="button" onClick=${leave}>Sign out</button>
      </div>
    </details>
  `;
}

async function leave() {
  try {
    await signOut();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say({ text: `Still signed in: ${problem.sentence}`, kind: "failed" });
  }
}
