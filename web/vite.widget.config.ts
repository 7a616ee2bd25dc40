/** Builds the widget: one `widget.js` that any site includes, and chunks it fetches when they are needed. */
import { defineConfig } from "vite";

export default defineConfig({
  root: "widget",
  build: {
    outDir: "../../src/trato/static/widget",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false, // the host site's CSP may forbid what a preload would add
    rolldownOptions: {
      input: "widget/main.ts",
      output: {
        format: "es",
        entryFileNames: "widget.js",
        chunkFileNames: "widget/[name]-[hash].js", // fetched beside /widget.js, so /widget/…
      },
    },
  },
});
