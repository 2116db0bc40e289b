// The offer, each value under what it is for.
import { html } from "../../vendor.js";
import { clean, line } from "../../core/text.js";
import { Standing } from "../../parts/mark.js";

/** @param {{offer: any}} props */
export function Used({ offer }) {
  const known = ROWS.map(([word, cell]) => [word, cell(offer)]).filter(([, value]) => value);
  return html`
    ${offer.whose === "demonstration" && html`<p class="said"><${Standing} kind="none">This is the demonstration's offer.<//> Its company is invented, and so are the people it is written to.</p>`}
    <dl class="facts-list offer">
      ${known.map(([word, value]) => html`<div key=${word}><dt>${word}</dt><dd>${value}</dd></div>`)}
    </dl>
  `;
}

const withEvidence = (text, evidence) => html`${line(text)}${evidence && html`<span class="under dim">Shown by: ${line(evidence)}</span>`}`;

const ROWS = [
  ["Company", (one) => line(one.company)],
  ["Offer in a line", (one) => one.line && withEvidence(one.line, one.line_evidence)],
  ["Proofs", (one) => one.proofs.length > 0 && html`<ul class="points-list">${one.proofs.map((proof) => html`<li key=${proof.text}>${withEvidence(proof.text, proof.evidence)}</li>`)}</ul>`],
  ["What it is about", (one) => one.problems.length > 0 && html`<ul class="points-list">${one.problems.map((problem) => html`<li key=${problem.topic}>${line(problem.topic)}<span class="under dim">${line(problem.text)}</span></li>`)}</ul>`],
  ["Something to use", (one) => one.resource && withEvidence(one.resource, one.resource_evidence)],
  ["Sender", (one) => [one.sender, one.sender_title].filter(Boolean).map(line).join(", ")],
  ["Reply-to", (one) => line(one.reply_to)],
  ["Postal address", (one) => one.postal_address && html`<span class="lines">${clean(one.postal_address)}</span>`],
  ["Opt-out", (one) => line(one.opt_out)],
  ["Booking link", (one) => line(one.booking_link)],
  ["Language", (one) => LANGUAGES[one.language] ?? line(one.language)],
  ["Time zone", (one) => line(one.time_zone)],
  ["Competitors", (one) => one.competitors.map(line).join(", ")],
];

/** By code, as the offer and the templates name them. */
export const LANGUAGES = { en: "English", de: "German", fr: "French" };
