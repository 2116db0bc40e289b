// The offer: in whose words drafts are written, what is missing before real people are, and the campaigns. Files say all of it.
import { html } from "../../vendor.js";
import { useLoaded } from "../../core/loaded.js";
import { line } from "../../core/text.js";
import { Section } from "../../parts/paper.js";
import { Standing } from "../../parts/mark.js";
import { Bones, Stale, Trouble } from "../../parts/trouble.js";
import { Campaigns } from "./campaigns.js";
import { Gaps } from "./gaps.js";
import { view } from "./store.js";
import { Used } from "./used.js";

export function Offer() {
  useLoaded(view);
  const known = view.data.value;
  const again = known && html`<button type="button" onClick=${() => view.load()}>Look again</button>`;
  if (!known) {
    return html`
      <${Section} title="Before real people are written to">
        ${view.problem.value ? html`<${Trouble} problem=${view.problem.value} what="What is set up" onAgain=${view.load} />` : html`<${Bones} words="Loading what is set up" />`}
      <//>
    `;
  }
  return html`
    <${Stale} view=${view} />
    <${Section} title="Before real people are written to" note=${NOTE} actions=${again}><${Ready} known=${known} /><//>
    <${Section} title="The offer as it is used" note=${html`Drafts say no more about you than this. Each names its hash: <code>${known.offer.hash.slice(0, HASH)}</code>.`}><${Used} offer=${known.offer} /><//>
    <${Campaigns} campaigns=${known.campaigns} />
  `;
}

const HASH = 12;
const NOTE = html`The page reads this, and files say it: <code>offer.toml</code>, beside the <code>swarm.toml</code> that names it. They are looked at anew each time.`;

function Ready({ known }) {
  const { own_rows: own, missing, namespace } = known;
  const count = missing.length === 1 ? "One thing is missing" : `${missing.length} things are missing`;
  return html`
    <div role="status">
      ${!own
        ? html`<p><${Standing} kind="none">Invented people alone.<//> The namespace ${line(namespace)} is the demonstration's: it always writes for an invented company and takes no real people. Start the gateway in a namespace of your own to write for yours.</p>`
        : missing.length
          ? html`<p><${Standing} kind="warn">${count}.<//> A run over real people is refused until ${missing.length === 1 ? "it is" : "they are"} mended.</p>`
          : html`<p><${Standing} kind="good">Nothing is missing.<//> A run over real people can start.</p>`}
    </div>
    ${missing.length > 0 && html`
      <${Gaps} label="What is missing" gaps=${missing} />
      <p class="dim"><code>swarm init</code> writes both files and asks for each of these; <code>swarm doctor</code> checks them.</p>
    `}
  `;
}
