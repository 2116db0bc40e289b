// Which page the address names, and the part of it after `?`.
import { signal } from "../vendor.js";
import { address } from "./api.js";

export const path = signal(location.pathname);

addEventListener("popstate", () => {
  path.value = location.pathname;
});

/** @param {string} to A path of ours. */
export function go(to) {
  if (to === location.pathname + location.search) return;
  history.pushState(null, "", to);
  path.value = location.pathname;
}

/** What stands after `?`, by name. @returns {Record<string, string>} */
export const asked = () => Object.fromEntries(new URLSearchParams(location.search));

/**
 * Write what is asked for behind `?`, so that the address leads here again; it is no new step for the back button.
 * @param {Record<string, string>} values Empty ones are left out.
 */
export function note(values) {
  history.replaceState(null, "", address(location.pathname, values));
}

/** For `onClick` of a link: the page changes without being loaded again, unless a new tab was asked for. */
export function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(event.currentTarget.getAttribute("href"));
}
