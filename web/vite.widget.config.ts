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
      preserveEntrySignatures: "allow-extension", // what others share with the launcher stays in its file
      output: {
        codeSplitting: {
          // What the panel shares with what it fetches later stands beside it: a panel that is fetched again under
          // another address (host/bring.ts) is not fetched a second time with that.
          includeDependenciesRecursively: false, // with what it needs it would be of the first load
          groups: [{ name: "form", test: /widget\/ui\/(form\.css|format|wait)\.ts$/ }],
        },
        minify: true, // white space too, which a library's build would keep
        chunkFileNames: "widget/[name]-[hash].js", // fetched beside /widget.js, so /widget/…
        assetFileNames: "widget/[name]-[hash][extname]",
      },
    },
  },
});
