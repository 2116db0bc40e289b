// How something stands, as a shape beside its word: nobody has to tell colours apart.
import { html } from "../vendor.js";

const PATHS = {
  good: "M2.5 8.5l3.5 3.5 7.5-8",
  bad: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  warn: "M8 2.5l6.2 11H1.8zM8 6.8v3M8 11.6v.2",
  now: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12M8 2v12",
  wait: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12M8 5v3.3l2.2 1.4",
  none: "M3.5 8h9",
  taken: "M6.5 3.5L2.5 7.5l4 4M2.5 7.5h7a3.5 3.5 0 0 1 0 7",
};

/** @param {{kind: keyof typeof PATHS}} props */
export const Mark = ({ kind }) => html`
  <svg class=${`mark ${kind}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
    <path d=${PATHS[kind]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    ${kind === "now" && html`<path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />`}
  </svg>
`;

/** @param {{kind: keyof typeof PATHS, children: any}} props */
export const Standing = ({ kind, children }) => html`<span class=${`standing ${kind}`}><${Mark} kind=${kind} /> ${children}</span>`;
