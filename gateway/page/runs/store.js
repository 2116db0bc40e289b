// The runs there are, the newest first, as far as they were asked for.
import { signal } from "../vendor.js";
import { get } from "../core/api.js";
import { loaded } from "../core/loaded.js";

const PAGE = 20;

/** The cursor of what comes after the last one that is shown; empty at the end. */
export const more = signal("");

/** The newest ones anew; those that were asked for further down stay. */
export const list = loaded(async (after = "") => {
  const { data } = await get("/api/runs", { limit: PAGE, after });
  const known = list.data.value ?? [];
  const newest = new Set(data.items.map((one) => one.run_id));
  const older = known.slice(known.findLastIndex((one) => newest.has(one.run_id)) + 1);
  if (!older.length || !data.next) more.value = data.next;
  return [...data.items, ...(data.next ? older : [])];
});

export async function loadMore() {
  const { data } = await get("/api/runs", { limit: PAGE, cursor: more.value });
  const known = new Set(list.data.value.map((one) => one.run_id));
  list.data.value = [...list.data.value, ...data.items.filter((one) => !known.has(one.run_id))];
  more.value = data.next;
}

/** The position of what was just commanded: whoever reads next has to see it. */
export const just = { position: "" };
