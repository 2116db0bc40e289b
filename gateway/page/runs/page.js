// Runs: those there are, one of them, or a new one; the address says which.
import { html } from "../vendor.js";
import { path } from "../core/router.js";
import { List } from "./list.js";
import { New } from "./new.js";
import { Run } from "./run.js";

export function Runs() {
  const [, , id = "", part = ""] = path.value.split("/");
  if (id === "new") return html`<${New} key=${`new ${part}`} importId=${decodeURIComponent(part)} />`;
  if (id) return html`<${Run} key=${id} runId=${decodeURIComponent(id)} />`;
  return html`<${List} />`;
}
