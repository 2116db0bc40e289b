// Who reads, and whether the gateway can be reached: what every part of the page depends on.
import { computed, signal } from "../vendor.js";
import { command, get, heard, Problem } from "./api.js";

/**
 * `state` is `unknown` until the first answer, then `in`, `out` or `away`; `ended` says that a session was there before.
 * @type {import("../vendor.js").Signal<{state: string, ended?: boolean, login?: string, name?: string, roles?: string[], permissions?: string[], namespace?: string, phase?: string, halted?: boolean, has_password?: boolean, undo_window_s?: number, ways?: string[], provider?: string}>}
 */
export const session = signal({ state: "unknown" });
/** When the gateway last answered or told anything, in ms. */
export const wordAt = signal(Date.now());
/** Whether the last request reached it. */
export const reached = signal(true);
/** Whether the browser has a network at all. */
export const online = signal(navigator.onLine);
/** A session that a link opened, whose owner has no password yet. */
export const wantsPassword = signal(false);

export const signedIn = computed(() => session.value.state === "in");

/** @param {string} permission */
export const may = (permission) => signedIn.value && (session.value.permissions ?? []).includes(permission);

addEventListener("online", () => {
  online.value = true;
});
addEventListener("offline", () => {
  online.value = false;
});

heard.answered = () => {
  wordAt.value = Date.now();
  reached.value = true;
};
heard.away = () => {
  reached.value = false;
};
heard.signedOut = (path) => {
  if (!path.startsWith("/api/session") && signedIn.value) session.value = { ...session.value, state: "out", ended: true };
};

heard.renewed = async () => {
  const before = heard.csrf;
  await look();
  return signedIn.value && heard.csrf !== before;
};

/** Look again who reads. Keeps what is known where nobody answers. */
export async function look() {
  try {
    take((await get("/api/session")).data);
  } catch (problem) {
    if (session.value.state !== "in") session.value = { ...session.value, state: "away" };
    if (!(problem instanceof Problem)) throw problem;
  }
}

/**
 * @param {string} login
 * @param {string} password
 */
export async function signIn(login, password) {
  take((await command("/api/session", { login, password })).data);
}

/** @param {string} secret The one-time part of a sign-in link. */
export async function signInByLink(secret) {
  take((await command("/api/session/link", { secret })).data);
  wantsPassword.value = signedIn.value && !session.value.has_password;
}

/** @param {string} chosen @param {string} [current] Empty where there is none, or the session began with a link. */
export async function choosePassword(chosen, current = "") {
  await command("/api/me/password", { current, new: chosen });
  session.value = { ...session.value, has_password: true };
  wantsPassword.value = false;
}

export async function signOut() {
  await command("/api/session", undefined, { method: "DELETE" });
  session.value = { state: "out", ways: session.value.ways, provider: session.value.provider };
}

function take(told) {
  heard.csrf = told.csrf ?? "";
  const ended = session.value.state === "in" && !told.signed_in;
  session.value = { ...told, state: told.signed_in ? "in" : "out", ended: ended || Boolean(session.value.ended && !told.signed_in) };
}
