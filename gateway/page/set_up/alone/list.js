// Who is left alone: hashes, each with why, from where and since when; and the way off the list.
import { html, useEffect, useSignal } from "../../vendor.js";
import { place } from "../../core/feed.js";
import { counted, line, who } from "../../core/text.js";
import { Time } from "../../core/time.js";
import { whenTold } from "../../core/told.js";
import { Because } from "../../parts/because.js";
import { Failed, Old } from "../../parts/failed.js";
import { say } from "../../parts/notices.js";
import { Section } from "../../parts/paper.js";
import { Rows } from "../../parts/rows.js";
import { Bones } from "../../parts/trouble.js";
import { LookUp } from "./look_up.js";
import { list } from "./store.js";
import { from, shortKey } from "./words.js";

const SPEAKS = new Set(["policy.excluded.v1", "policy.exclusion_removed.v1"]);

export function List() {
  const leaving = useSignal(null);
  useEffect(() => {
    list.forget();
    list.load();
    return whenTold((fact) => SPEAKS.has(fact.type), (facts) => list.renew(place.value, new Set(facts.map((one) => one.about))));
  }, []);
  const rows = list.rows.value;
  const close = () => {
    leaving.value = null;
  };
  const gone = (position) => {
    say({ text: "Off the list. Leads that were held out come back with the next import; drafts taken back stay back." });
    list.renew(position, new Set([leaving.value?.key]));
  };
  const act = (one) => html`<button type="button" class="small" aria-label=${`Take off ${shortKey(one.key)}`} onClick=${() => (leaving.value = one)}>Take off …</button>`;
  const file = list.phase.value === "ready" && rows.length > 0 && html`<a class="act" href=${list.file()} download="exclusions.csv">CSV<span class="unseen">: this list as a file</span></a>`;
  return html`
    <${Section} title="On the list" note="It keeps keyed hashes, no names: it can be asked whether somebody is on it, but nobody can read who is." actions=${file}>
      <${LookUp} />
      <${Old} problem=${list.phase.value === "ready" ? list.problem.value : null} again=${() => list.renew()} />
      ${list.phase.value === "failed"
        ? html`<${Failed} what="The list" problem=${list.problem.value} again=${list.load} />`
        : list.phase.value === "loading"
          ? html`<${Bones} words="Loading the list" />`
          : rows.length
            ? html`
                <${Rows} label="Those who are left alone" columns=${[...COLUMNS, { word: "Take off", kind: "acts", cell: act }]} rows=${rows} keyOf=${(one) => one.key} />
                ${list.more.value
                  ? html`<button type="button" onClick=${list.loadMore}>Show more</button>`
                  : html`<p class="dim">${counted(rows.length, "entry", "entries")}.</p>`}
              `
            : html`<p class="dim">Nobody is excluded.</p>`}
    <//>
    ${leaving.value && html`
      <${Because} title=${`Take ${shortKey(leaving.value.key)} off the list`} path=${`/api/exclusions/${encodeURIComponent(leaving.value.key)}`} method="DELETE" verb="Take it off" reason="" onClose=${close} onDone=${gone}>
        <p>${leaving.value.kind === "domain" ? "Everybody at this domain and below it" : "This address"} can be written to again${leaving.value.reason && html`. It was left alone because: ${line(leaving.value.reason)}`}</p>
        <p>Leads that were held out come back with the next import; drafts taken back stay back.</p>
      <//>
    `}
  `;
}

const COLUMNS = [
  { word: "What", cell: (one) => html`${one.kind} <code class="dim">${shortKey(one.key)}</code>` },
  { word: "Why", cell: (one) => line(one.reason) || html`<span class="dim">no reason given</span>` },
  { word: "From", cell: (one) => from(one.source) },
  { word: "By", cell: ({ by }) => who(`${by.kind}:${by.id}`) },
  { word: "Since", cell: (one) => html`<${Time} at=${one.at} />` },
];
