// Which campaign a run is for: nobody is asked where none is set up.
import { html, useEffect, useSignal } from "../vendor.js";
import { audienceOf, loadCampaigns, ownCampaigns } from "../core/campaigns.js";
import { line, plain } from "../core/text.js";
import { themeOf } from "../core/words.js";
import { Field } from "../parts/field.js";
import { LANGUAGES } from "../set_up/offer/used.js";

/** @param {{wrong: import("../parts/field.js").Wrong}} props */
export function Campaign({ wrong }) {
  const chosen = useSignal("");
  useEffect(() => {
    loadCampaigns();
  }, []);
  const all = ownCampaigns.value;
  const one = all.find(({ name }) => name === chosen.value);
  if (!all.length) return null;
  return html`
    <${Field} as="select" label="Campaign" name="campaign" hint=${one ? aboutOf(one) : hintOf(all)} wrong=${wrong} onChange=${(event) => (chosen.value = event.currentTarget.value)}>
      <option value="">none: each lead by what is known of it</option>
      ${all.map(({ name, missing }) => html`<option key=${name} value=${name} disabled=${missing.length > 0}>${line(name)}${missing.length > 0 ? ": cannot be used yet" : ""}</option>`)}
    <//>
  `;
}

/** Whom a campaign is for, and in whose words. */
function aboutOf({ audience, angles, company, sender, language }) {
  return [
    `For ${audienceOf(audience)}.`,
    `From ${line(sender)}, ${line(company)}, in ${LANGUAGES[language] ?? line(language)}.`,
    angles.length > 0 && `Angles: ${angles.map(themeOf).join(", ")}.`,
  ].filter(Boolean).join(" ");
}

/** What keeps those that cannot be used from it, the first thing of each. */
const hintOf = (all) =>
  all.filter(({ missing }) => missing.length).map(({ name, missing: [{ key, why, remedy }] }) => `${line(name)}: ${line(key)} ${plain(why)}. ${plain(remedy)}`).join(" ") || null;
