/** Builds the desk's service worker after the desk itself: it names every file that the desk may need. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const desk = fileURLToPath(new URL("../src/trato/static/desk", import.meta.url));
// Of the fonts, the letters of the desk's own languages: others are fetched when somebody writes in them.
const files = readdirSync(join(desk, "assets"))
  .filter((name) => !name.endsWith(".woff2") || /-latin-wght/.test(name))
  .sort()
  .map((name) => `/assets/${name}`);
const page = readFileSync(join(desk, "index.html"));
const revision = createHash("sha256").update(page).update(files.join("\n")).digest("hex").slice(0, 16);

export default defineConfig({
  publicDir: false,
  define: { __FILES__: JSON.stringify(files), __REVISION__: JSON.stringify(revision) },
  build: {
    outDir: desk,
    emptyOutDir: false,
    target: "es2023",
    lib: { entry: "worker/worker.ts", formats: ["iife"], name: "worker", fileName: () => "sw.js" },
    minify: "oxc",
  },
});
