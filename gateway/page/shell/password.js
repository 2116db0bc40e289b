// After a sign-in by link: a password of one's own, so that the next one needs no link.
import { html, useSignal } from "../vendor.js";
import { choosePassword, wantsPassword } from "../core/session.js";
import { Dialog } from "../parts/dialog.js";
import { say } from "../parts/notices.js";

export function Password() {
  const problem = useSignal("");
  const skip = () => {
    wantsPassword.value = false;
  };
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (form.get("new") !== form.get("again")) {
      problem.value = "The two do not match. Type the same password twice.";
      return;
    }
    try {
      await choosePassword(String(form.get("new")));
      say({ text: "Your password is set. Next time sign in with it." });
    } catch (failed) {
      problem.value = failed.sentence;
    }
  };
  return html`
    <${Dialog} title="Choose a password" onClose=${skip}>
      <p>You came by a link that works once. With a password you can come back without another.</p>
      <form onSubmit=${onSubmit} class="stack">
        <label for="new-password">New password, at least 12 characters</label>
        <input id="new-password" name="new" type="password" autocomplete="new-password" data-first required minlength="12" maxlength="200" />
        <label for="new-password-again">The same again</label>
        <input id="new-password-again" name="again" type="password" autocomplete="new-password" required maxlength="200" />
        <p class="form-problem" role="alert">${problem.value}</p>
        <div class="row">
          <button class="main">Set password</button>
          <button type="button" class="quiet" onClick=${skip}>Not now</button>
        </div>
      </form>
    <//>
  `;
}
