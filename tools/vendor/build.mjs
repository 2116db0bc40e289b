// Bundles what entry.js names into gateway/page, with the licences and the hash of what came out.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const PAGE = "../../gateway/page";
const TESTS = "../../tests/page/vendor";
const BUNDLED = ["preact", "@preact/signals", "@preact/signals-core", "htm", "tinykeys", "diff", "uplot"];

const about = async (name) => JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
const licence = async (name) => {
  const file = (await readdir(`node_modules/${name}`)).find((one) => /^licen[cs]e(\.|$)/i.test(one));
  return (await readFile(`node_modules/${name}/${file}`, "utf8")).trim();
};
const sha256 = async (file) => createHash("sha256").update(await readFile(file)).digest("hex");

const { outputFiles } = await build({
  entryPoints: ["entry.js"],
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  write: false,
});
const [bundle] = outputFiles;
await writeFile(`${PAGE}/vendor.js`, `// Made by tools/vendor; licences in vendor.licences.txt.\n${bundle.text.trimEnd()}\n`);
await copyFile("node_modules/uplot/dist/uPlot.min.css", `${PAGE}/vendor.css`);

const parts = [];
for (const name of BUNDLED) {
  const { version, license } = await about(name);
  parts.push(`${name} ${version} (${license})\n\n${await licence(name)}\n`);
}
await writeFile(`${PAGE}/vendor.licences.txt`, `${parts.join(`\n${"=".repeat(80)}\n\n`)}`);

// For the tests alone: it looks for what a screen reader would stumble over.
await mkdir(TESTS, { recursive: true });
await copyFile("node_modules/axe-core/axe.min.js", `${TESTS}/axe.min.js`);
await writeFile(`${TESTS}/axe.licence.txt`, `axe-core ${(await about("axe-core")).version}\n\n${await licence("axe-core")}\n`);

const made = [`${PAGE}/vendor.js`, `${PAGE}/vendor.css`, `${TESTS}/axe.min.js`];
const lines = await Promise.all(made.map(async (file) => `${await sha256(file)}  ${file.replace("../../", "")}\n`));
await writeFile("vendor.sha256", lines.join(""));
process.stdout.write(lines.join(""));
