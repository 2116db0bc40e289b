// Signing in: by login and password, or by a link that works once.
import { html, useEffect, useRef, useSignal } from "../vendor.js";
import { Problem } from "../core/api.js";
import { look, online, session, signIn, signInByLink } from "../core/session.js";
import { left, now } from "../core/time.js";

const LINK = /^#sign-in=(.+)$/;
const LOOK_AGAIN_MS = 3_000;

/** The secret of a sign-in link in the address; it is taken out of the address before anything else happens. */
export function secretInAddress() {
  const found = LINK.exec(location.hash);
  if (!found) return "";
  history.replaceState(null, "", location.pathname + location.search);
  return decodeURIComponent(found[1]);
}

/**
 * Use the link in the address, if there is one.
 * @returns {Promise<void>} It never fails; what went wrong is shown on the sign-in screen.
 */
export async function useLink() {
  const secret = secretInAddress();
  if (!secret) return look();
  try {
    await signInByLink(secret);
  } catch (problem) {
    linkFailed = problem;
    await look();
  }
}

let linkFailed = null;

export function SignIn() {
  const away = session.value.state === "away";
  const problem = useSignal(linkFailed);
  const lockedUntil = useSignal(0);
  const busy = useSignal(false);
  const login = useRef(null);
  useEffect(() => {
    document.title = "Sign in · Alpha Swarm";
    if (!away) return undefined;
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [away]);
  useEffect(() => {
    login.current?.focus();
  }, []);

  const onSubmit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    busy.value = true;
    problem.value = null;
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
      <form onSubmit=${onSubmit}>
        <label for="login">Login</label>
        <input id="login" name="login" ref=${login} autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="200" />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024" />
        <p class="form-problem" role="alert">${locked ? lockedWords(lockedUntil.value) : problem.value && wordsOf(problem.value)}</p>
        <button class="main" disabled=${busy.value || locked}>Sign in</button>
      </form>
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
