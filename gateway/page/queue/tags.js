// The twelve tags of a rejection in words that begin with twelve letters, so that one key chooses.

import { TAGS as LABELS } from "../core/named.js";

export { LABELS };

/** @type {{tag: string, key: string, label: string, meaning: string}[]} */
export const TAGS = [
  { tag: "personalization_mismatch", key: "p", meaning: "What it says of the recipient does not fit them." },
  { tag: "icp_mismatch", key: "c", meaning: "This company is none that we want to write to." },
  { tag: "campaign_mismatch", key: "w", meaning: "Right person, wrong campaign: the offer is not for them." },
  { tag: "tone_style_issue", key: "t", meaning: "It does not sound like us." },
  { tag: "factual_inaccuracy", key: "f", meaning: "Something in it is not true." },
  { tag: "weak_subject", key: "s", meaning: "The subject gives no reason to open it." },
  { tag: "weak_cta", key: "a", meaning: "It asks for nothing, for too much, or for too many things." },
  { tag: "length_issue", key: "l", meaning: "It is too long or too short." },
  { tag: "compliance_issue", key: "r", meaning: "It promises or says what we may not." },
  { tag: "placeholder_or_rendering_issue", key: "b", meaning: "A placeholder or a broken line is left in it." },
  { tag: "queue_hygiene_non_actionable", key: "q", meaning: "It should not be in the queue: a test, a copy, nobody to write to." },
  { tag: "other", key: "o", meaning: "None of these; the reason says what." },
].map((one) => ({ ...one, label: LABELS[one.tag] }));

/** The key of the tag at this place: 1 to 9, then 0. */
export const numberOf = (index) => (index < 10 ? String((index + 1) % 10) : "");
