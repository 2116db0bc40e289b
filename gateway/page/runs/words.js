// What the gateway names by code about runs, in words.
import { line, words } from "../core/text.js";

/** By status: the shape, the word, and what it means. */
export const STATUS = {
  running: { kind: "now", word: "Running", means: "The swarm is at work on it." },
  stopped: { kind: "warn", word: "Stopped", means: "It goes no further until somebody resumes or cancels it." },
  waiting_for_review: { kind: "wait", word: "Waits for review", means: "The swarm has done its part; people decide now." },
  completed: { kind: "good", word: "Done", means: "Every lead of it has its outcome." },
  failed: { kind: "bad", word: "Failed", means: "One stage failed; the others went as far as they could." },
  cancelled: { kind: "none", word: "Cancelled", means: "No further row is taken; its leads stay where they are." },
  withdrawn: { kind: "taken", word: "Withdrawn", means: "What it brought was taken back." },
};
export const OVER = new Set(["completed", "failed", "cancelled", "withdrawn"]);

export const SOURCES = {
  competitor_gong: "People who follow a competitor",
  event_saastr: "People who visited an event",
  default: "A mixed list of people",
};

/** What a run works through, as its title. */
export const nameOf = (run) => line(run.file_name) || (SOURCES[run.source] ? `${SOURCES[run.source]}, invented` : line(run.source));

/** By stage: its name, and what has happened to whoever is through it. */
export const STAGES = {
  scrape: { word: "Rows", through: "taken in" },
  enrich: { word: "Research", through: "researched" },
  segment: { word: "Scoring", through: "to be written to" },
  craft: { word: "Drafting", through: "drafted" },
  approve: { word: "Review", through: "approved" },
  send: { word: "Sending", through: "sent" },
};

export const ENDS = {
  duplicate: "known already",
  updated: "known, with news",
  refused: "refused",
  disqualified: "disqualified",
  excluded: "left alone: on the list of those not to write to",
  blocked: "no text that the checks let pass",
  unresolved: "sent or not: a person has to look",
  needs_data: "too little known about them",
  tier_not_drafted: "in a tier that is not written to",
  not_in_segment: "outside the segment of the run",
  not_in_audience: "outside the audience of the campaign",
  already_drafted: "written to before",
  withdrawn: "withdrawn",
  rejected: "rejected",
  expired: "not answered in time",
  suppression: "left alone: on the list of those not to write to",
  halt: "stopped by the halt",
  approval: "held back: no approval stands",
  phase: "held back by the phase",
  mailer: "held back: no mailer is set up",
};

/** Why leads left a stage without going on. @param {string} code */
export const endWords = (code) => ENDS[code] ?? words(code);

/** By how rows end: the word, what became of them, and what will become of them. */
export const ROWS = {
  sourced: { word: "new", means: "became leads", will: "become leads" },
  updated: { word: "updated", means: "were known and brought news", will: "are known and bring news" },
  duplicate: { word: "duplicate", means: "were known and brought nothing new", will: "are known and bring nothing new" },
  reopened: { word: "taken up again", means: "were set aside before and go on now", will: "were set aside before and go on now" },
  older: { word: "older", means: "had values older than the known ones, which stay", will: "have values older than the known ones, which stay" },
  refused: { word: "refused", means: "can be no lead; each says why", will: "can be no lead; each says why below" },
  not_taken: { word: "not taken", means: "lie past the limit", will: "lie past the limit" },
};

/** Counts that are among others, and are shown where there are any. */
export const AMONG = new Set(["reopened", "older"]);

export const FIELDS = {
  email: "E-mail address",
  full_name: "Full name",
  first_name: "First name",
  last_name: "Last name",
  phone: "Phone",
  linkedin_url: "LinkedIn profile",
  city: "City",
  title: "Job title",
  company: "Company",
  domain: "Company website",
  industry: "Industry",
  employees: "Number of employees",
  technologies: "Technologies in use",
  revenue_usd: "Revenue in USD",
  country: "Country",
  visits: "Visits to our site",
  downloads: "Downloads",
  pricing_visits: "Visits to our prices",
  demo_requested: "Asked for a demo",
  hiring: "Open positions",
  funding: "Latest funding",
  email_status: "Status of the address",
  row: "The whole row",
};

/** @param {string} field */
export const fieldWords = (field) => FIELDS[field] ?? words(field).replace(/^./, (first) => first.toUpperCase());

/** The same inside a sentence, where a name such as LinkedIn stays as it is. @param {string} field */
export const fieldInside = (field) => fieldWords(field).replace(/^[A-Z](?![a-z]+[A-Z])/, (first) => first.toLowerCase());

/** How long something took, in one or two units. @param {number} ms */
export function took(ms) {
  const s = Math.round(ms / 1_000);
  if (s < 1) return `${ms} ms`;
  if (s < 60) return `${s}\u00a0s`;
  if (s < 3_600) return `${Math.floor(s / 60)}\u00a0min\u00a0${s % 60}\u00a0s`;
  return `${Math.floor(s / 3_600)}\u00a0h\u00a0${Math.floor((s % 3_600) / 60)}\u00a0min`;
}
