// Leave alone: put somebody on the list, look somebody up, and see who is on it. The list keeps hashes, no names.
import { html } from "../../vendor.js";
import { may } from "../../core/session.js";
import { Section } from "../../parts/paper.js";
import { NotYours } from "../../parts/trouble.js";
import { Add } from "./add.js";
import { Bring } from "./bring.js";
import { List } from "./list.js";

const NOTE = "Customers, competitors, people who said no: whoever is on this list gets no draft, from whatever source they come.";

export function Alone() {
  if (!may("run")) return html`<${Section} title="Leave alone" note=${NOTE}><${NotYours} permission="run" what="keep this list" /><//>`;
  return html`
    <${Section} title="Leave somebody alone" note=${NOTE}>
      <${Add} />
      <${Bring} />
    <//>
    <${List} />
  `;
}
