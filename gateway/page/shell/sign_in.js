// Signing in: by login and password, by a link that works once, or at the identity provider where there is one.
import { html, useEffect, useRef, useSignal } from "../vendor.js";
import { Problem } from "../core/api.js";
import { look, online, session, signedIn, signIn, signInByLink } from "../core/session.js";
import { line } from "../core/text.js";
import { left, now } from "../core/time.js";
import { PROVIDER_FAILED } from "./sign_in_words.js";

const LINK = /^#sign-in=(.+)$/;
const FAILED = /^#sign-in-failed=([a-z]+)$/;
const PROVIDER = "/api/session/oidc";
const LOOK_AGAIN_MS = 3_000;

/** The secret of a sign-in link in the address; it is taken out of the address before anything else happens. */
export function secretInAddress() {
  return decodeURIComponent(takenOut(LINK));
}

function takenOut(pattern) {
  const found = pattern.exec(location.hash);
  if (!found) return "";
  history.replaceState(null, "", location.pathname + location.search);
  return found[1];
}

/**
 * Use the link in the address, if there is one; or hear how signing in at the identity provider ended.
 * @returns {Promise<void>} It never fails; what went wrong is shown on the sign-in screen.
 */
export async function useLink() {
  const failed = takenOut(FAILED);
  if (Object.hasOwn(PROVIDER_FAILED, failed)) providerFailed = PROVIDER_FAILED[failed];
  const secret = secretInAddress();
  try {
    if (secret) await signInByLink(secret);
  } catch (problem) {
    linkFailed = problem;
  }
  if (!signedIn.value) await look();
  if (signedIn.value) providerFailed = "";
}

let linkFailed = null;
let providerFailed = "";

export function SignIn() {
  const away = session.value.state === "away";
  const problem = useSignal(linkFailed);
  const lockedUntil = useSignal(0);
  const busy = useSignal(false);
  const login = useRef(null);
  const failedThere = useSignal(providerFailed);
  const provider = session.value.ways?.includes("oidc") ? line(session.value.provider) : "";
  useEffect(() => {
    document.title = "Sign in · Alpha Swarm";
    if (!away) return undefined;
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [away]);
  useEffect(() => {
    login.current?.focus();
    return () => {
      providerFailed = "";
    };
  }, []);

  const onSubmit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    busy.value = true;
    problem.value = null;
    failedThere.value = "";
    try {
      await signIn(String(form.get("login")).trim(), String(form.get("password")));
      linkFailed = null;
    } catch (failed) {
      problem.value = failed;
      if (failed.status === 429) lockedUntil.value = Date.now() + (failed.retryAfterS || 60) * 1000;
    }
    busy.value = false;
  };

  const locked = lockedUntil.value > now.value;
  return html`
    <main class="sign-in">
      <h1><img src="/page/icon.svg" alt="" width="32" height="32" /> Alpha Swarm</h1>
      ${session.value.ended && html`<p class="said" role="status">You were signed out: the session has ended. What you were writing is kept.</p>`}
      ${away && html`<p class="said warn" role="alert">The server cannot be reached${online.value ? "" : ", because this machine is offline"}. Trying again.</p>`}
      ${failedThere.value && html`<p class="said warn" role="alert">${failedThere.value}</p>`}
      <form onSubmit=${onSubmit}>
        <label for="login">Login</label>
        <input id="login" name="login" ref=${login} autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="200" />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024" />
        <p class="form-problem" role="alert">${locked ? lockedWords(lockedUntil.value) : problem.value && wordsOf(problem.value)}</p>
        <button class="main" disabled=${busy.value || locked}>Sign in</button>
      </form>
      ${provider && html`<a class="button" href=${PROVIDER}>Sign in with ${provider}</a>`}
      <p class="dim">No password yet? Open the link that an admin gave you, or the one that the first start printed. Each works once.</p>
    </main>
  `;
}

const lockedWords = (until) => `Too many wrong attempts. Try again in ${left(until, now.value)}, or ask an admin for a link.`;

/** @param {Problem} problem */
function wordsOf(problem) {
  if (problem === linkFailed && problem.status === 401) {
    return "This link was used before, or its time is over. Ask an admin for another, or sign in with your password.";
  }
  if (problem.status === 401) return "Login and password do not fit. Check both, and the caps lock.";
  if (problem.away) return "The server cannot be reached. Try again in a moment.";
  return problem.sentence;
}
