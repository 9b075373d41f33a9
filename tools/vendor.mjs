// Copies the scripts of staff pages from npm's packages, each with its licence on top and without its source map's address.
import { readFileSync, writeFileSync } from "node:fs";

const TARGET = "src/sipuma/web/static/sipuma";
const SCRIPTS = [
  ["htmx.org", "dist/htmx.min.js", "htmx.min.js"],
  ["tus-js-client", "dist/tus.min.js", "tus.min.js"],
];

for (const [name, built, copy] of SCRIPTS) {
  const folder = `node_modules/${name}`;
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const licence = readFileSync(`${folder}/LICENSE`, "utf8").trim();
  // The map is not shipped, and collecting static files fails for what is named and not there.
  const script = readFileSync(`${folder}/${built}`, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "").trim();
  writeFileSync(`${TARGET}/${copy}`, `/*! ${name} ${version}\n\n${licence}\n*/\n${script}\n`);
}
