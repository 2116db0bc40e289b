// Where each fact of a why-graph stands in its drawing: a column further right than all that led to it.

/** @typedef {{id: string, type: string, words: string, at: string, actor: string}} Node */
/** @typedef {Node & {column: number, row: number, causes: string[], effects: string[]}} Placed */

/**
 * @param {{nodes: Node[], edges: {from: string, to: string, how: string}[]}} why
 * @returns {{placed: Placed[], columns: number, rows: number}} In the order of the nodes, which is that of time.
 */
export function layout({ nodes, edges }) {
  const causes = new Map(nodes.map((node) => [node.id, []]));
  const effects = new Map(nodes.map((node) => [node.id, []]));
  for (const { from, to } of edges) {
    if (!causes.has(from) || !causes.has(to)) continue;
    causes.get(to).push(from);
    effects.get(from).push(to);
  }
  const columns = depths(nodes, causes);
  const rows = new Map();
  const taken = new Set();
  const inOrder = [...nodes].sort((one, other) => columns.get(one.id) - columns.get(other.id));
  for (const { id } of inOrder) {
    // Beside its first cause, so that a chain is a straight line; below, where that place is taken.
    let row = causes.get(id).length ? Math.min(...causes.get(id).map((cause) => rows.get(cause) ?? 0)) : 0;
    while (taken.has(`${columns.get(id)}:${row}`)) row += 1;
    taken.add(`${columns.get(id)}:${row}`);
    rows.set(id, row);
  }
  return {
    placed: nodes.map((node) => ({ ...node, column: columns.get(node.id), row: rows.get(node.id), causes: causes.get(node.id), effects: effects.get(node.id) })),
    columns: Math.max(0, ...columns.values()) + 1,
    rows: Math.max(0, ...rows.values()) + 1,
  };
}

/**
 * The same in bands that are so many columns wide, one below the other, as a text is broken into lines.
 * @param {Placed[]} placed @param {number} width In columns.
 * @returns {{cells: Map<string, {x: number, y: number, band: number}>, rows: number, bands: number}}
 */
export function broken(placed, width) {
  const bandOf = ({ column }) => Math.floor(column / width);
  const heights = [];
  for (const node of placed) heights[bandOf(node)] = Math.max(heights[bandOf(node)] ?? 0, node.row + 1);
  const tops = heights.map((_, band) => heights.slice(0, band).reduce((sum, one) => sum + one, 0));
  const cells = new Map(placed.map((node) => [node.id, { x: node.column % width, y: tops[bandOf(node)] + node.row, band: bandOf(node) }]));
  return { cells, rows: heights.reduce((sum, one) => sum + one, 0), bands: heights.length };
}

/** The longest way to each from where nothing led to it; a circle, which no log holds, is cut. */
function depths(nodes, causes) {
  const found = new Map();
  const under = new Set();
  const depth = (id) => {
    if (found.has(id)) return found.get(id);
    if (under.has(id)) return -1;
    under.add(id);
    const deepest = Math.max(-1, ...causes.get(id).map(depth));
    under.delete(id);
    found.set(id, deepest + 1);
    return deepest + 1;
  };
  nodes.forEach((node) => depth(node.id));
  return found;
}

/**
 * A text in at most so many lines; what does not fit ends with dots.
 * @param {string} text @param {number} width In characters. @param {number} max
 */
export function wrapped(text, width, max) {
  const lines = [""];
  for (const word of text.split(" ").flatMap((one) => one.match(new RegExp(`.{1,${width}}`, "gu")) ?? [])) {
    const line = lines.at(-1);
    if (!line) lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max - 1), `${lines[max - 1].slice(0, width - 1).trimEnd()}…`];
}
