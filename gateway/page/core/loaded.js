// Something that the gateway is asked for, again and again: what it last said, as of when, and what went wrong since.
import { batch, signal, useEffect } from "../vendor.js";
import { Problem } from "./api.js";

const AGAIN_MS = 3_000;

/**
 * `data` is null until the first answer and stays what it was while nobody answers; `problem` is null after an answer.
 * @param {(...asked: any[]) => Promise<any>} ask
 */
export function loaded(ask) {
  const data = signal(null);
  const problem = signal(null);
  const at = signal(0);
  let asked = 0;
  async function load(...what) {
    const mine = (asked += 1);
    try {
      const found = await ask(...what);
      if (mine !== asked) return;
      batch(() => {
        data.value = found;
        problem.value = null;
        at.value = Date.now();
      });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      if (mine === asked) problem.value = failed;
    }
  }
  return { data, problem, at, load };
}

/**
 * Ask when this is first drawn; and again by itself while what is known may be old. Who knows nothing yet is told so by
 * `Trouble`, which asks again, too.
 * @param {ReturnType<typeof loaded>} view
 * @param {any[]} [of] Whatever it is about: another one is asked for anew.
 */
export function useLoaded(view, of = []) {
  useEffect(() => {
    view.load();
  }, of);
  const old = view.data.value !== null && (view.problem.value?.away || view.problem.value?.status >= 500);
  useEffect(() => {
    if (!old) return undefined;
    const timer = setInterval(() => view.load(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [old]);
}
