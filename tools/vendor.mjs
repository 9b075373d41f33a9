// Copies the scripts of staff pages from npm's packages, each with its licence on top and without its source map's address.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const TARGET = "src/sipuma/web/static/sipuma";
// Package, its built file, our copy, and the packages that it brings inside.
const SCRIPTS = [
  ["htmx.org", "dist/htmx.min.js", "htmx.min.js", []],
  ["tus-js-client", "dist/tus.min.js", "tus.min.js", ["js-base64", "url-parse", "querystringify", "requires-port"]],
];

function terms(name) {
  const folder = `node_modules/${name}`;
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((one) => /^LICENSE/i.test(one));
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
}

for (const [name, built, copy, inside] of SCRIPTS) {
  const licences = [name, ...inside].map(terms).join("\n");
  // The map is not shipped, and collecting static files fails for what is named and not there.
  const script = readFileSync(`node_modules/${name}/${built}`, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "").trim();
  writeFileSync(`${TARGET}/${copy}`, `/*! ${licences}*/\n${script}\n`);
}
