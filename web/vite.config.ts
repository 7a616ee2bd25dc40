/** Builds the desk into the Python package; `npm run dev` serves it beside a running `./trato up`. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const server = process.env["TRATO_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../src/trato/static/desk",
    emptyOutDir: true,
    manifest: true, // read by scripts/size-budget.mjs
    target: "es2023",
    assetsInlineLimit: 0, // the page's CSP has no data: URLs
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 650, // the names of all emoji in a language, fetched when somebody looks for one
    rolldownOptions: {
      output: {
        // What the first load needs stays in one file, however many later parts share pieces of it.
        codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/widget", "/help", "/files", "/health"].map((path) => [path, { target: server }]),
    ),
  },
});
