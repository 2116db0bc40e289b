// The stages of a run side by side: how many went in, how many came out, and what became of the others.
import { html } from "../vendor.js";
import { Mark } from "../parts/mark.js";
import { endWords, OVER, STAGES, took } from "./words.js";

/** @param {{run: any, large?: boolean}} props */
export function Strip({ run, large = false }) {
  return html`
    <ol class=${large ? "strip large" : "strip"} aria-label="Stages">
      ${run.stages.map((stage) => html`<${Stage} key=${stage.stage} stage=${stage} moves=${!OVER.has(run.status) && run.status !== "stopped"} large=${large} />`)}
    </ol>
  `;
}

/** How a stage stands, as a shape and a word. @param {any} stage @param {boolean} moves Whether its run goes on by itself. */
function standing({ passed, entered, waiting, held }, moves) {
  if (passed === true && !waiting && !held) return { kind: "good", word: "done" };
  if (passed === false) return { kind: "bad", word: "failed" };
  if (held > 0) return { kind: "warn", word: "held" };
  if (!entered) return { kind: "none", word: moves ? "not yet" : "nothing came" };
  if (!waiting) return { kind: "good", word: "through" };
  return moves ? { kind: "now", word: "at work" } : { kind: "none", word: "stands still" };
}

function Stage({ stage, moves, large }) {
  const { entered, out, errors, held, waiting, ended, duration_ms: ms } = stage;
  const { kind, word } = standing(stage, moves);
  const left = Object.entries(ended).filter(([, count]) => count > 0);
  const { word: name, through } = STAGES[stage.stage] ?? { word: stage.stage, through: "out" };
  const said = `${entered.toLocaleString()} in, ${out.toLocaleString()} ${through}`;
  const others = [
    [waiting, !moves ? "go no further" : stage.stage === "approve" ? "wait for a person" : "under way", ""],
    [held, "held", "warn"],
    [errors, errors === 1 ? "error" : "errors", "bad"],
  ].filter(([count]) => count > 0);
  return html`
    <li class=${`stage ${kind}`}>
      <span class="stage-name"><${Mark} kind=${kind} /> ${name}<span class="unseen">: ${word}</span></span>
      <span class="stage-count"><span class="unseen">${said}</span><span aria-hidden="true">${entered ? html`${large && html`<span class="dim">${entered.toLocaleString()} → </span>`}<strong>${out.toLocaleString()}</strong>` : html`<span class="dim">–</span>`}</span></span>
      ${large && html`<${Bar} stage=${stage} />`}
      ${large
        ? html`
            <ul class="stage-others">
              <li class="dim">${entered ? through : word}${entered && ms ? `, in ${took(ms)}` : ""}</li>
              ${others.map(([count, what, tone]) => html`<li key=${what} class=${tone}>${count.toLocaleString()} ${what}</li>`)}
              ${left.map(([code, count]) => html`<li key=${code} class="dim">${count.toLocaleString()} ${endWords(code)}</li>`)}
            </ul>
          `
        : others.map(([count, what, tone]) => html`<span key=${what} class=${`stage-other ${tone}`}>${count.toLocaleString()} ${tone || !moves ? what : stage.stage === "approve" ? "wait" : "at work"}</span>`)}
    </li>
  `;
}

/** The same as a picture: the numbers beside it say it all. */
function Bar({ stage }) {
  const { entered, out, errors, held, ended } = stage;
  const all = Math.max(1, entered);
  const parts = [
    ["out", Math.max(0, out)],
    ["ended", Object.values(ended).reduce((sum, count) => sum + count, 0)],
    ["held", held],
    ["errors", errors],
  ];
  let at = 0;
  return html`
    <svg class="stage-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="6" />
      ${parts.map(([kind, count]) => {
        const x = at;
        at += (100 * count) / all;
        return count > 0 && html`<rect key=${kind} class=${kind} x=${x} width=${(100 * count) / all} height="6" />`;
      })}
    </svg>
  `;
}
