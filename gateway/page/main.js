// The beginning: who reads, then the page.
import { html, render } from "./vendor.js";
import { App } from "./shell/app.js";
import { useLink } from "./shell/sign_in.js";

useLink();
render(html`<${App} />`, document.getElementById("page"));
