// Where a letter says something that a fact carries: claims numbered as footnotes, and the text cut at their words.

/**
 * @typedef {{number: number, words: string[], field: string, source: string, fact: string}} Footnote
 * @typedef {{text: string, number: number}} Piece `number` is 0 for what claims nothing.
 */

/**
 * Claims as footnotes, in the order in which the letter makes them; what is said twice of one fact is one footnote.
 * @param {import("./store.js").Card} card
 * @returns {Footnote[]}
 */
export function footnotes(card) {
  const letter = `${card.content.subject}\n${card.content.text}`;
  const place = ({ words }) => {
    const at = letter.indexOf(words);
    return at < 0 ? letter.length : at;
  };
  const found = new Map();
  for (const claim of card.claims.filter(({ words }) => words).sort((one, other) => place(one) - place(other))) {
    const key = `${claim.field} ${claim.fact}`;
    const known = found.get(key);
    if (known) known.words.push(claim.words);
    else found.set(key, { ...claim, words: [claim.words], number: found.size + 1 });
  }
  return [...found.values()];
}

/** Claims without words of their own, such as the greeting's first name. @param {import("./store.js").Card} card */
export const unworded = (card) => card.claims.filter((claim) => !claim.words);

/**
 * Cut a text at the words of its claims: each where it stands first, never two over each other.
 * @param {string} text
 * @param {Footnote[]} notes
 * @returns {Piece[]}
 */
export function pieces(text, notes) {
  const spans = [];
  for (const { words, number } of notes) {
    for (const one of words) {
      const from = text.indexOf(one);
      const to = from + one.length;
      if (from >= 0 && spans.every((each) => to <= each.from || from >= each.to)) spans.push({ from, to, number });
    }
  }
  spans.sort((one, other) => one.from - other.from);
  const found = [];
  let at = 0;
  for (const { from, to, number } of spans) {
    if (from > at) found.push({ text: text.slice(at, from), number: 0 });
    found.push({ text: text.slice(from, to), number });
    at = to;
  }
  if (at < text.length) found.push({ text: text.slice(at), number: 0 });
  return found;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {number} number */
export const superscript = (number) => [...String(number)].map((one) => SUPERSCRIPTS[one]).join("");

/**
 * Where the signature begins: at the line that is the sender's name alone. What follows is set quieter.
 * @param {string} text
 * @param {string} sender As in the header, `Name <address>`.
 */
export function signatureAt(text, sender) {
  const name = sender.replace(/\s*<.*$/, "").trim();
  const at = name ? text.lastIndexOf(`\n${name}\n`) : -1;
  return at < 0 ? text.length : at + 1;
}
