// Set-up: what the swarm works with that is a team's own, one tab each; a tab has an address of its own.
import { html, useEffect, useRef } from "../vendor.js";
import { follow, path } from "../core/router.js";
import { session } from "../core/session.js";
import { Paper } from "../parts/paper.js";
import { State } from "../parts/state.js";
import { Alone } from "./alone/tab.js";
import { Ideal } from "./icp/tab.js";
import { Offer } from "./offer/tab.js";
import { Templates } from "./templates/tab.js";

/** In the order of the bar; the first is also at the address of the page itself. @type {{at: string, word: string, tab: () => any}[]} */
export const TABS = [
  { at: "offer", word: "Offer", tab: Offer },
  { at: "ideal-customer", word: "Ideal customer", tab: Ideal },
  { at: "templates", word: "Templates", tab: Templates },
  { at: "leave-alone", word: "Leave alone", tab: Alone },
];

const HERE = "/set-up";

export function SetUp() {
  const at = path.value.slice(HERE.length + 1) || TABS[0].at;
  const here = TABS.find((one) => one.at === at);
  const tabs = useRef(null);
  // Where they do not all fit, the present one is among those seen.
  useEffect(() => {
    tabs.current?.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
  }, [here]);
  if (!here) {
    return html`
      <${State} title="There is no page at this address" mark="away" alone>
        <p><a href=${HERE} onClick=${follow}>Go to Set-up</a></p>
      <//>
    `;
  }
  const bar = html`
    <nav class="tabs" ref=${tabs} aria-label="Set-up">
      <ul>
        ${TABS.map((one) => html`<li key=${one.at}><a href=${`${HERE}/${one.at}`} onClick=${follow} aria-current=${one === here ? "page" : null}>${one.word}</a></li>`)}
      </ul>
    </nav>
  `;
  return html`
    <${Paper} title="Set-up" part=${here.word} bar=${bar}>
      <${here.tab} key=${`${here.at} ${session.value.login}`} />
    <//>
  `;
}
