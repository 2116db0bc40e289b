// The why-graph as a drawing, and the same as a list for who cannot or would rather not look at it.
import { html, useLayoutEffect, useMemo, useRef, useSignal } from "../vendor.js";
import { capital, line } from "../core/text.js";
import { clock, dayAndClock, Time } from "../core/time.js";
import { broken, layout, wrapped } from "./why.js";

const BOX = { width: 164, height: 92 };
const GAP = { x: 32, y: 20 };
/** What stands between two bands, for the edges that lead from one to the next. */
const BAND_GAP = 16;
const EDGE = 16;
const CHARACTERS = 21;
const LINES = 3;

const xOf = ({ x }) => EDGE + x * (BOX.width + GAP.x);
const yOf = ({ y, band }) => EDGE + y * (BOX.height + GAP.y) + band * BAND_GAP;
const wordsOf = (node) => capital(line(node.said));

/** @param {{why: {nodes: any[], edges: any[]}}} props */
export function Drawing({ why }) {
  const room = useSignal(0);
  const chosen = useSignal("");
  const box = useRef(null);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      room.value = entry.contentRect.width;
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const fit = Math.max(1, Math.floor((room.value - 2 * EDGE + GAP.x) / (BOX.width + GAP.x)));
  const { placed, columns, rows, bands } = useMemo(() => {
    const all = layout(why);
    const width = room.value ? Math.min(fit, all.columns) : all.columns;
    const { cells, ...size } = broken(all.placed, width);
    return { placed: all.placed.map((node) => ({ ...node, ...cells.get(node.id) })), columns: width, ...size };
  }, [why, fit, room.value === 0]);
  const at = new Map(placed.map((node) => [node.id, node]));
  const current = at.has(chosen.value) ? chosen.value : placed[0].id;
  const lit = new Set(chosen.value && at.has(chosen.value) ? [chosen.value, ...at.get(chosen.value).causes, ...at.get(chosen.value).effects] : []);
  const size = { width: columns * (BOX.width + GAP.x) - GAP.x + 2 * EDGE, height: rows * (BOX.height + GAP.y) - GAP.y + (bands - 1) * BAND_GAP + 2 * EDGE };
  const choose = (id) => {
    chosen.value = id;
    requestAnimationFrame(() => box.current?.querySelector("[tabindex='0']")?.focus());
  };
  const onKeyDown = (event) => {
    const to = neighbour(placed, at.get(current), event.key);
    if (!to) return;
    event.preventDefault();
    choose(to.id);
  };
  return html`
    <div class="drawing" ref=${box}>
      <svg width=${size.width} height=${size.height} viewBox=${`0 0 ${size.width} ${size.height}`} role="group" aria-label="Drawing of what led to what; the arrow keys go from fact to fact" onKeyDown=${onKeyDown} onMouseLeave=${() => (chosen.value = "")}>
        ${why.edges.filter((edge) => at.has(edge.from) && at.has(edge.to)).map((edge) => html`
          <path key=${edge.from + edge.to} class=${`edge ${edge.how} ${chosen.value && (edge.from === chosen.value || edge.to === chosen.value) ? "lit" : ""}`} d=${curve(at.get(edge.from), at.get(edge.to))} />
        `)}
        ${placed.map((node) => html`<${Box} key=${node.id} node=${node} at=${at} here=${node.id === current} lit=${lit.has(node.id)} onChoose=${() => (chosen.value = node.id)} />`)}
      </svg>
    </div>
    ${why.edges.some((edge) => edge.how === "found") && html`<p class="dim small legend"><span class="legend-line"></span> decided on what stood there before</p>`}
    <ol class="why-list">
      ${placed.map((node, index) => html`
        <li key=${node.id}>${wordsOf(node)} <span class="dim">by ${line(node.by)}, <${Time} at=${node.at} form="long" />${node.causes.length > 0 && `, after ${node.causes.map((id) => `step ${placed.indexOf(at.get(id)) + 1}`).join(" and ")}`}</span><span class="unseen"> (step ${index + 1})</span></li>
      `)}
    </ol>
  `;
}

function Box({ node, at, here, lit, onChoose }) {
  const kind = node.actor.split(":")[0];
  const text = wordsOf(node);
  const lines = wrapped(text, CHARACTERS, LINES);
  const after = node.causes.map((id) => wordsOf(at.get(id)));
  const label = `${text}, by ${line(node.by)}, ${dayAndClock(node.at)}${after.length ? `; after: ${after.join("; ")}` : ""}`;
  return html`
    <g class=${`box ${kind} ${lit ? "lit" : ""}`} transform=${`translate(${xOf(node)} ${yOf(node)})`} tabindex=${here ? 0 : -1} role="img" aria-label=${label} onFocus=${onChoose} onMouseEnter=${onChoose}>
      <title>${label}</title>
      <rect class="box-frame" width=${BOX.width} height=${BOX.height} rx="8" />
      <rect class="box-kind" x="0" y="12" width="3" height=${BOX.height - 24} rx="1.5" />
      <text x="12" y="22">
        ${lines.map((one, index) => html`<tspan key=${index} x="12" dy=${index ? 16 : 0}>${one}</tspan>`)}
      </text>
      <text class="box-who" x="12" y=${BOX.height - 10}>${clock(node.at)} · ${line(node.by)}</text>
    </g>
  `;
}

function curve(from, to) {
  const [x1, y1] = [xOf(from) + BOX.width, yOf(from) + BOX.height / 2];
  const [x2, y2] = [xOf(to), yOf(to) + BOX.height / 2];
  if (from.band !== to.band) {
    const between = yOf({ y: to.y - to.row, band: to.band }) - (GAP.y + BAND_GAP) / 2;
    const out = EDGE - 4;
    return `M${x1} ${y1}H${x1 + out}V${between}H${x2 - out}V${y2}H${x2}`;
  }
  const reach = Math.max(GAP.x / 2, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`;
}

/** Left goes to a cause, right to what came of it, up and down within a column; Home and End to the first and last. */
function neighbour(placed, node, key) {
  const byId = (id) => placed.find((one) => one.id === id);
  const column = placed.filter((one) => one.column === node.column).sort((one, other) => one.row - other.row);
  const at = column.indexOf(node);
  return {
    ArrowLeft: byId(node.causes[0]),
    ArrowRight: byId(node.effects[0]),
    ArrowUp: column[at - 1],
    ArrowDown: column[at + 1],
    Home: placed[0],
    End: placed.at(-1),
  }[key];
}
