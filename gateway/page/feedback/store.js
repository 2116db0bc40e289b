// What the page of feedback knows: how drafts fared by some group, and the newest answers.
import { signal } from "../vendor.js";
import { get, Problem } from "../core/api.js";
import { seeCampaigns } from "../core/campaigns.js";
import { paged } from "../core/paged.js";
import { meet } from "../core/people.js";
import { asked, note } from "../core/router.js";

/** What drafts can be grouped by, as the gateway calls it, and in a word. */
export const GROUPS = { reviewer: "Reviewer", template: "Template", opener: "Opener", angle: "Angle", tier: "Tier", tag: "Tag", campaign: "Campaign" };
/** What the gateway calls the drafts that are looked at. @param {string} synthetic */
const trafficOf = (synthetic) => (synthetic ? "test" : "real");
const NOTHING = { by: "reviewer", synthetic: "", campaign: "", outcome: "", tag: "" };

/** `synthetic` is `true` where invented leads are looked at. @type {import("../vendor.js").Signal<typeof NOTHING>} */
export const wanted = signal(NOTHING);
/** The answer of `GET /api/feedback/summary`, of what is wanted; null before the first. */
export const summary = signal(null);
/** @type {import("../vendor.js").Signal<Problem | null>} */
export const problem = signal(null);
/** What there is where the summary is empty: drafts that nobody answered, and drafts for the other kind of leads. */
export const instead = signal({ waiting: 0, elsewhere: 0 });

export const answers = paged("/api/feedback", {
  key: (row) => row.email_id,
  question: () => ({ outcome: wanted.value.outcome, campaign: wanted.value.campaign, tag: wanted.value.tag, traffic: trafficOf(wanted.value.synthetic) }),
});

let counted = 0;

/** @param {string} [after] */
export async function loadSummary(after = "") {
  const mine = (counted += 1);
  const { by, synthetic, campaign } = wanted.value;
  try {
    const { data } = await get("/api/feedback/summary", { by, traffic: trafficOf(synthetic), campaign, after });
    const other = synthetic ? "" : "true";
    const found = data.rows.length ? [0, 0] : await Promise.all([drafts(synthetic, campaign), drafts(other, campaign)]);
    if (mine !== counted) return;
    summary.value = data;
    instead.value = { waiting: found[0], elsewhere: found[1] };
    problem.value = null;
  } catch (failed) {
    if (!(failed instanceof Problem)) throw failed;
    if (mine === counted) problem.value = failed;
  }
}

/** Each draft has a tier, answered or not. */
async function drafts(synthetic, campaign) {
  const { data } = await get("/api/feedback/summary", { by: "tier", traffic: trafficOf(synthetic), campaign });
  return data.rows.reduce((sum, row) => sum + row.drafts, 0);
}

export async function loadAnswers() {
  await answers.load();
  keep();
}

/** @param {string} [after] @param {Set<string>} [changed] */
export async function renewAnswers(after, changed) {
  await answers.renew(after, changed);
  keep();
}

/** What the address asks for becomes what is wanted. */
export function readAddress() {
  const given = asked();
  const kept = Object.fromEntries(Object.keys(NOTHING).map((name) => [name, given[name] ?? NOTHING[name]]));
  wanted.value = { ...kept, by: kept.by in GROUPS ? kept.by : NOTHING.by };
}

/** @param {Partial<typeof NOTHING>} change */
export function want(change) {
  const before = wanted.value;
  wanted.value = { ...before, ...change };
  note({ ...wanted.value, by: wanted.value.by === NOTHING.by ? "" : wanted.value.by });
  if (["by", "synthetic", "campaign"].some((name) => wanted.value[name] !== before[name])) loadSummary();
  if (["synthetic", "campaign", "outcome", "tag"].some((name) => wanted.value[name] !== before[name])) loadAnswers();
}

function keep() {
  const rows = answers.rows.value;
  meet(rows.map((row) => row.lead_id));
  seeCampaigns(rows.map((row) => row.campaign));
}
