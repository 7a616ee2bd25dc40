/** Builds the widget: one `widget.js` that any site includes, and chunks it fetches when they are needed. */
import { defineConfig } from "vite";

export default defineConfig({
  root: "widget",
  base: "./", // of the server that the script came from, not of the site it stands on
  build: {
    outDir: "../../src/trato/static/widget",
    emptyOutDir: true,
    target: ["es2022", "chrome95"], // the last for Android 5; tests/old-browsers.test.ts looks
    assetsInlineLimit: 0,
    // As a library: an application's build would put a preload helper, with import.meta and an export, into
    // widget.js, which the host site loads as a classic script.
    lib: {
      entry: { widget: "main.ts", "widget/launcher": "launcher.ts" },
      formats: ["es"],
      fileName: (_format, name) => `${name}.js`,
    },
    minify: "oxc",
    rolldownOptions: {
      output: {
        minify: true, // white space too, which a library's build would keep
        chunkFileNames: "widget/[name]-[hash].js", // fetched beside /widget.js, so /widget/…
        assetFileNames: "widget/[name]-[hash][extname]",
      },
    },
  },
});
