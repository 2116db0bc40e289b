// Which page the address names, and the part of it after `?`.
import { signal } from "../vendor.js";

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

/** For `onClick` of a link: the page changes without being loaded again, unless a new tab was asked for. */
export function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(event.currentTarget.getAttribute("href"));
}
