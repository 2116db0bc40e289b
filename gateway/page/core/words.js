// What the swarm names by code, in words. Every code that can stand on the page as the only word of something is here, or
// in the table of the page that alone knows it; `tests/page/test_words.py` holds them against what the swarm can say.
import { ANGLES, CAMPAIGNS, TIERS } from "./named.js";

export { ANGLES, CAMPAIGNS, TIERS };

/** What is being done to a lead at each stage. */
export const STAGES = {
  scrape: "reading the rows", enrich: "research", segment: "scoring", craft: "drafting", approve: "review", send: "sending",
};

/** Whom a run is about. */
export const MODES = { sandbox: "invented people", staging: "trial", production: "real people", dry_run: "dry run" };

/** How an e-mail stands. */
export const EMAIL = {
  none: "no letter yet",
  blocked: "no text passed the checks",
  drafted: "waits for a person",
  changes_requested: "being rewritten",
  approved: "approved",
  rejected: "rejected",
  expired: "expired: nobody answered",
  withdrawn: "withdrawn",
  send_requested: "approved, about to be sent",
  send_reserved: "about to be sent",
  send_blocked: "approved, not sent",
  send_started: "being sent",
  sent: "sent",
  unresolved: "sent or not, nobody knows",
  failed: "not sent",
};

/** Why a lead gets no letter. */
export const STOPPED = {
  needs_data: "it needs data", tier_not_drafted: "its tier gets no letter", not_in_segment: "it is not in the segment of the run",
  not_in_audience: "it is not in the audience of the campaign", already_drafted: "it had a letter before", withdrawn: "it was withdrawn",
};

/** What can be asked of another text, in the order of its keys; each changes what it names. */
export const WISHES = {
  other_angle: "Other angle", shorter: "Shorter", softer_ask: "Softer ask", other_fact: "Other fact", other_subject: "Other subject",
};

/** How much of a letter was changed. */
export const EDITS = { none: "no", minor: "small", major: "large" };

/** What keeps a letter from going out. */
export const GATES = {
  halt: "the halt",
  halted: "the halt",
  suppression: "the list of those to leave alone",
  suppressed: "the list of those to leave alone",
  excluded: "the list of those to leave alone",
  approval: "a person's approval",
  phase: "the phase",
  mailer: "the mailer",
};

/** Where personal data was seen. */
export const PLACES = {
  queue: "in the queue", email: "in a letter", leads: "in the list of leads", lead: "in a lead", timeline: "in a history", why: "in a history",
  feedback: "in the feedback", events: "in the activity", feed: "in the live feed", people: "in the list of people", imports: "in a file that was brought",
  elsewhere: "",
};

const EITHER = { ...CAMPAIGNS, ...ANGLES };

/**
 * The angle or campaign of a letter; one that nobody wrote words for by its code, without what makes it one.
 * @param {string} code
 */
export const themeOf = (code) =>
  EITHER[code] ?? String(code ?? "").replace(/_displacement$/, " instead of it").replaceAll("_", " ").replace(/\b(tier)(\d)/g, "$1 $2");
