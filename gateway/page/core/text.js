// Texts that others wrote, made safe to look at, and our own words for what the gateway names by code.
import { AGENTS, ANGLES, CAMPAIGNS, FIELDS, SOURCES, TAGS, TIERS } from "./named.js";

// Control characters, and those that turn the reading direction or are not seen at all.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * One line of somebody else's text, without what cannot be seen.
 * @param {unknown} value
 */
export const line = (value) => clean(value).replace(/\s+/g, " ").trim();

/**
 * Likewise with its line breaks.
 * @param {unknown} value
 */
export const clean = (value) => String(value ?? "").replace(/\r\n?/g, "\n").replace(HIDDEN, "");

export const REDACTED = "[redacted]";

/**
 * A person's text, or what stands in its place.
 * @param {unknown} value
 * @param {string} instead What to show to readers who may not see it.
 */
export const shown = (value, instead) => (value === REDACTED ? instead : line(value));

/**
 * Who did something, as people call them.
 * @param {string} actor `person:grace@swarm`, `agent:crafter`, a bare login.
 */
export function who(actor) {
  const [, kind, id] = /^(person|agent|policy|system):(.*)$/.exec(actor ?? "") ?? [null, "person", actor ?? ""];
  if (kind === "agent") return AGENTS[id.replace(/-\d+$/, "")] ?? line(id);
  if (kind === "policy") return "the policy";
  if (kind === "system") return "the swarm";
  const login = line(id.split("@")[0]);
  return login.charAt(0).toUpperCase() + login.slice(1);
}

/**
 * @param {string} actor
 * @returns {string} The login of a person; empty for anybody else.
 */
export function loginOf(actor) {
  const text = String(actor ?? "");
  return /^(agent|policy|system):/.test(text) ? "" : text.replace(/^person:/, "").split("@")[0];
}

/** @param {string} text The same with a capital letter at its beginning. */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const NAMED = { ...FIELDS, ...ANGLES, ...CAMPAIGNS, ...TIERS, ...Object.fromEntries(Object.entries(TAGS).map(([tag, label]) => [tag, label.toLowerCase()])) };

/**
 * A sentence of the gateway with the codes in it as words: `rejected: weak_cta` as `rejected: ask`. Names of files keep
 * theirs.
 * @param {string} text
 */
export const plain = (text) =>
  line(text)
    .replace(/\b[a-z]+(?:_[a-z0-9]+)+\b(?!\.\w)/g, (code) => NAMED[code] ?? code.replaceAll("_", " "))
    .replace(/\b(from|over) (file|default)\b/g, (_, before, source) => `${before} ${SOURCES[source]}`);

/** Where a row came from. @param {string} source `file` is one that somebody brought. */
export const sourceOf = (source) => SOURCES[source] ?? plain(source);

/**
 * `executive_buy_in` as words: `executive buy-in` has no hyphen to know of, so it is `executive buy in`.
 * @param {string} code
 */
export const words = (code) => line(code).replaceAll("_", " ");

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;
