// The page as a whole: who may see it, the bar at the top, the bands under it, and the page that the address names.
import { effect, html, signal, useEffect } from "../vendor.js";
import { closeFeed, onFact, openFeed, place } from "../core/feed.js";
import { listen, listenForGo } from "../core/keys.js";
import { go, path } from "../core/router.js";
import { look, session, signedIn, wantsPassword } from "../core/session.js";
import { whenTold } from "../core/told.js";
import { countUnresolved } from "../core/unresolved.js";
import { Notices } from "../parts/notices.js";
import { State } from "../parts/state.js";
import { loadStatus } from "../queue/store.js";
import { Bands } from "./bands.js";
import { Help } from "./help.js";
import { pageAt, PAGES } from "./pages.js";
import { Password } from "./password.js";
import { SignIn } from "./sign_in.js";
import { TopBar } from "./top_bar.js";

export const helpOpen = signal(false);

const COUNT_REST_MS = 1_000;

// The feed lives as long as the session.
effect(() => {
  if (signedIn.value) openFeed();
  else closeFeed();
});

onFact((fact) => {
  if (fact.type.startsWith("policy.")) look();
});

export function App() {
  const { state } = session.value;
  useEffect(() => listenForPages(), []);
  useEffect(() => (state === "in" && path.value !== "/" ? countWaiting() : undefined), [state, path.value === "/"]);
  useEffect(() => (state === "in" ? countUnresolved() : undefined), [state]);
  if (state === "unknown") return html`<div class="boot" role="status"><span class="unseen">Looking who reads</span></div>`;
  if (state === "out" || state === "away") return html`<${SignIn} />`;
  const here = pageAt(path.value);
  return html`
    <a class="skip" href="#main">Skip to the page</a>
    <${TopBar} onHelp=${() => (helpOpen.value = true)} />
    <${Bands} />
    <main id="main" tabindex="-1">${here ? html`<${here.page} />` : html`<${Nowhere} />`}</main>
    <${Notices} keys=${here?.idle?.() ? [] : here?.keys} />
    ${helpOpen.value && html`<${Help} onClose=${() => (helpOpen.value = false)} />`}
    ${wantsPassword.value && html`<${Password} />`}
  `;
}

/** The count beside the queue is kept while another page is open; the queue keeps it itself. */
function countWaiting() {
  loadStatus();
  return whenTold((fact) => fact.type.startsWith("email."), () => loadStatus(place.value), { restMs: COUNT_REST_MS });
}

function Nowhere() {
  return html`
    <${State} title="There is no page at this address" mark="away" alone>
      <p><a href="/">Go to the queue</a></p>
    <//>
  `;
}

function listenForPages() {
  const ends = [
    listenForGo((letter) => {
      const to = PAGES.find((one) => one.key === letter);
      if (to) go(to.path);
    }),
    listen({
      "[Shift]+?": () => {
        helpOpen.value = true;
      },
    }),
  ];
  return () => ends.forEach((end) => end());
}
