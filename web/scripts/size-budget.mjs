/** Fails the build when the first load of the desk or the widget outgrows its budget (gzip, fonts apart). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = { desk: 120_000, widget: 25_000 };
const out = fileURLToPath(new URL("../../src/trato/static/", import.meta.url));

const gzipped = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

/** The entry with everything it imports statically: scripts and styles, each counted once. */
function deskFirstLoad(root) {
  const manifest = JSON.parse(readFileSync(join(root, ".vite/manifest.json"), "utf8"));
  const files = new Set(["index.html"]);
  const visited = new Set();
  const visit = (key) => {
    if (visited.has(key)) return;
    visited.add(key);
    files.add(manifest[key].file);
    for (const css of manifest[key].css ?? []) files.add(css);
    for (const dependency of manifest[key].imports ?? []) visit(dependency);
  };
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);
  return [...files].map((file) => join(root, file));
}

/** What every page with the widget fetches: the script, the launcher it brings, and what that needs. */
function widgetFirstLoad(root) {
  const files = new Set([join(root, "widget.js")]);
  const statics = /(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w$*{}\s,]+?from\s*)?["'`](\.[^"'`]+)["'`]/g;
  const visit = (path) => {
    if (files.has(path)) return;
    files.add(path);
    // a later import() waits for the first touch
    for (const [, target] of readFileSync(path, "utf8").matchAll(statics)) visit(join(path, "..", target));
  };
  visit(join(root, "widget/launcher.js"));
  return files;
}

const loads = { desk: deskFirstLoad(join(out, "desk")), widget: [...widgetFirstLoad(join(out, "widget"))] };
for (const [name, files] of Object.entries(loads)) {
  const bytes = files.reduce((sum, file) => sum + gzipped(file), 0);
  const fits = bytes <= BUDGET_BYTES[name];
  const figures = `${(bytes / 1000).toFixed(1)} kB gz of ${BUDGET_BYTES[name] / 1000} kB`;
  console.log(`size-budget: ${name} first load ${figures}${fits ? "" : " — OVER BUDGET"}`);
  if (!fits) process.exitCode = 1;
}
