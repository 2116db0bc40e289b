// A list of the gateway that comes in pages: what is there, whether more is, and how asking for it went.
import { batch, signal } from "../vendor.js";
import { address, get, Problem } from "./api.js";

const PAGE = 50;
/** A page looks at a bounded part of the list, so with a narrow filter it may hold nothing and still have a next one. */
const LOOKS_MAX = 20;

/**
 * @param {string} path
 * @param {{key: (row: any) => string, question: () => Record<string, any>}} how `question` is what the list is asked for.
 */
export function paged(path, { key, question }) {
  /** @type {import("../vendor.js").Signal<any[]>} */
  const rows = signal([]);
  /** The cursor of what comes after the last row; empty at the end. */
  const more = signal("");
  /** `loading` until the first answer, then `ready` or `failed`. */
  const phase = signal("loading");
  /** What the last answer complained of; null where it did not. @type {import("../vendor.js").Signal<Problem | null>} */
  const problem = signal(null);
  /** Raised where something else is asked for: what was on its way then is not taken any more. */
  let asked = 0;
  let renewed = 0;

  async function pageAt(cursor, after) {
    let found = { items: [], next: cursor };
    for (let look = 0; look < LOOKS_MAX && !found.items.length && (look === 0 || found.next); look += 1) {
      found = (await get(path, { limit: PAGE, ...question(), cursor: found.next, after })).data;
    }
    return found;
  }

  /** Ask, and hand what came to `take`, unless it is too late for it. */
  async function ask(cursor, after, take, late = () => false) {
    const mine = asked;
    try {
      const found = await pageAt(cursor, after);
      if (mine !== asked || late()) return;
      batch(() => {
        take(found);
        phase.value = "ready";
        problem.value = null;
      });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      if (mine !== asked) return;
      problem.value = failed;
      if (phase.value === "loading" && failed.status !== 401) phase.value = "failed";
    }
  }

  return {
    rows, more, phase, problem,
    /** Ask anew, from the beginning. */
    load: () => {
      asked += 1;
      return ask("", "", (found) => {
        rows.value = found.items;
        more.value = found.next;
      });
    },
    /** The next page. */
    loadMore: () =>
      ask(more.value, "", (found) => {
        const known = new Set(rows.value.map(key));
        rows.value = [...rows.value, ...found.items.filter((row) => !known.has(key(row)))];
        more.value = found.next;
      }),
    /**
     * The first page anew; what was asked for beyond it stays.
     * @param {string} after A position that it has to include.
     * @param {Set<string>} changed Rows that moved: where they are not on the first page, they are gone.
     */
    renew: (after = "", changed = new Set()) => {
      const mine = (renewed += 1);
      const take = (found) => {
        const came = new Set(found.items.map(key));
        const beyond = rows.value.length > PAGE && found.next !== "";
        const kept = beyond ? rows.value.filter((row) => !came.has(key(row)) && !changed.has(key(row))) : [];
        rows.value = [...found.items, ...kept];
        if (!beyond) more.value = found.next;
      };
      return ask("", after, take, () => mine !== renewed);
    },
    /** Forget everything, as before the first answer. */
    forget: () =>
      batch(() => {
        asked += 1;
        rows.value = [];
        more.value = "";
        phase.value = "loading";
        problem.value = null;
      }),
    /** The address of the whole list as a file. */
    file: () => address(path, { ...question(), format: "csv" }),
  };
}
