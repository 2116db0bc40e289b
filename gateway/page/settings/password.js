// The own password: another one, or the first.
import { html, useSignal } from "../vendor.js";
import { choosePassword, session } from "../core/session.js";
import { Field, FormWrong, NOTHING_WRONG, wrongOf } from "../parts/field.js";
import { say } from "../parts/notices.js";
import { Section } from "../parts/paper.js";
import { mine } from "./mine.js";

export function Password() {
  const wrong = useSignal(NOTHING_WRONG);
  const busy = useSignal(false);
  const has = session.value.has_password;
  const byLink = mine.data.value?.some((one) => one.ours && one.way === "link");
  const onSubmit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    if (said.get("new") !== said.get("again")) {
      wrong.value = { field: "again", text: "The two do not match. Type the same password twice." };
      form.elements.again.focus();
      return;
    }
    busy.value = true;
    wrong.value = NOTHING_WRONG;
    try {
      await choosePassword(String(said.get("new")), String(said.get("current") ?? ""));
      form.reset();
      say({ text: has ? "Your password is changed. Wherever else you were signed in, you are no more." : "Your password is set. Next time sign in with it." });
      mine.load();
    } catch (failed) {
      wrong.value = wrongOf(failed, ["current", "new"]);
      form.elements[wrong.value.field]?.focus();
    }
    busy.value = false;
  };
  return html`
    <${Section} title=${has ? "Your password" : "A password of your own"} note=${has ? "Changing it signs you out everywhere but here." : "You came by a link that works once. With a password you can come back without another."}>
      <form class="narrow-form stack" onSubmit=${onSubmit}>
        <input type="text" name="login" autocomplete="username" value=${session.value.login} readonly hidden />
        ${has && !byLink && html`<${Field} label="Your password now" name="current" type="password" autocomplete="current-password" wrong=${wrong.value} required maxlength="200" />`}
        <${Field} label="New password, at least 12 characters" name="new" type="password" autocomplete="new-password" wrong=${wrong.value} required minlength="12" maxlength="200" />
        <${Field} label="The same again" name="again" type="password" autocomplete="new-password" wrong=${wrong.value} required maxlength="200" />
        <${FormWrong} wrong=${wrong.value} />
        <div class="row"><button disabled=${busy.value}>${has ? "Change password" : "Set password"}</button></div>
      </form>
    <//>
  `;
}
