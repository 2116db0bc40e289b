// The campaigns: those that are set up, as files of their own, and those that leads were seen in, which nobody lists.
import { computed, signal } from "../vendor.js";
import { get, Problem } from "./api.js";
import { line, words } from "./text.js";
import { themeOf, TIERS } from "./words.js";

/** Those of `GET /api/setup`; one of which something is missing cannot be used. @type {import("../vendor.js").Signal<any[]>} */
export const ownCampaigns = signal([]);
const seen = signal(new Set());

/** Every campaign by its code, with its words, as choices of a filter. */
export const campaignChoices = computed(() =>
  [...new Set([...ownCampaigns.value.map((one) => one.name), ...seen.value])].sort().map((one) => [one, themeOf(one)]),
);

/** Whom a campaign is for, as the console says it. @param {{tiers?: string[], industries?: string[], titles?: string[]}} audience */
export function audienceOf({ tiers = [], industries = [], titles = [] }) {
  const parts = [["", tiers.map((one) => TIERS[one] ?? words(one))], ["in ", industries], ["as ", titles]];
  return parts.filter(([, some]) => some.length).map(([before, some]) => before + some.map(line).join(" or ")).join("; ") || "everybody";
}

/** @param {Iterable<string>} codes Of leads, letters or runs that were looked at. */
export function seeCampaigns(codes) {
  const all = new Set([...seen.value, ...codes].filter(Boolean));
  if (all.size !== seen.value.size) seen.value = all;
}

export async function loadCampaigns() {
  try {
    ownCampaigns.value = (await get("/api/setup")).data.campaigns;
  } catch (problem) {
    // Those that leads were seen in are offered all the same.
    if (!(problem instanceof Problem)) throw problem;
  }
}
