// The runs there are, the newest first, as far as they were asked for.
import { signal } from "../vendor.js";
import { address, get } from "../core/api.js";
import { seeCampaigns } from "../core/campaigns.js";
import { loaded } from "../core/loaded.js";
import { asked, note } from "../core/router.js";

const PAGE = 20;
/** A page looks at a bounded part of the list, so with a narrow filter it may hold nothing and still have a next one. */
const LOOKS_MAX = 20;

/** Of which campaign runs are looked at; empty for any. */
export const campaign = signal("");

/** The cursor of what comes after the last one that is shown; empty at the end. */
export const more = signal("");

let listedOf = "";

async function pageAt(cursor, after = "") {
  let found = { items: [], next: cursor };
  for (let look = 0; look < LOOKS_MAX && !found.items.length && (look === 0 || found.next); look += 1) {
    found = (await get("/api/runs", { limit: PAGE, campaign: campaign.value, cursor: found.next, after })).data;
  }
  seeCampaigns(found.items.flatMap((run) => [run.terms?.campaign ?? "", ...Object.keys(run.counts.campaign ?? {})]));
  return found;
}

/** The address of the list as a file. */
export const file = () => address("/api/runs", { campaign: campaign.value, format: "csv" });

/** What the address asks for becomes what is asked for. */
export function readAddress() {
  campaign.value = asked().campaign ?? "";
}

/** @param {{campaign: string}} change */
export function ask(change) {
  campaign.value = change.campaign;
  note(change);
  return list.load();
}

/** The newest ones anew; those that were asked for further down stay. */
export const list = loaded(async (after = "") => {
  const of = campaign.value;
  const data = await pageAt("", after);
  // Another campaign was asked for meanwhile; that answer counts.
  if (of !== campaign.value) return list.data.value;
  const known = of === listedOf ? (list.data.value ?? []) : [];
  listedOf = of;
  const newest = new Set(data.items.map((one) => one.run_id));
  const older = known.slice(known.findLastIndex((one) => newest.has(one.run_id)) + 1);
  if (!older.length || !data.next) more.value = data.next;
  return [...data.items, ...(data.next ? older : [])];
});

export async function loadMore() {
  const data = await pageAt(more.value);
  const known = new Set(list.data.value.map((one) => one.run_id));
  list.data.value = [...list.data.value, ...data.items.filter((one) => !known.has(one.run_id))];
  more.value = data.next;
}

/** The position of what was just commanded: whoever reads next has to see it. */
export const just = { position: "" };
