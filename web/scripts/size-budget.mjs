/** Fails the build when the first load of the desk or the widget outgrows its budget (gzip, fonts apart). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = { desk: 120_000, widget: 25_000 };
const out = fileURLToPath(new URL("../../src/trato/static/", import.meta.url));

const gzipped = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

/** The page with the scripts and styles that it names, and all that those import statically, each counted once. */
function deskFirstLoad(root) {
  const manifest = JSON.parse(readFileSync(join(root, ".vite/manifest.json"), "utf8"));
  const page = readFileSync(join(root, "index.html"), "utf8");
  const files = new Set(["index.html"]);
  const visit = (file) => {
    if (files.has(file)) return;
    files.add(file);
    const chunk = Object.values(manifest).find((one) => one.file === file);
    for (const css of chunk?.css ?? []) files.add(css);
    for (const needed of chunk?.imports ?? []) visit(manifest[needed].file);
  };
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file);
  if (!named.some((file) => file.endsWith(".js"))) throw new Error("the page names no script");
  named.forEach(visit);
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
