/** The script of the shop's page: small, classic, alone; it brings the widget and queues what is asked of it. */
import type * as Launcher from "./launcher";
import type { Identity, Opening, Options, WidgetEvent } from "./types";

// In a function of its own: the names of a classic script would be the page's names too.
// Nothing may be imported here but types: a static import makes a classic script a syntax error.
(() => {
  const script =
    (document.currentScript as HTMLScriptElement | null) ??
    document.querySelector<HTMLScriptElement>("script[data-account][src*='widget.js']");
  const account = script?.dataset["account"];
  if (!script || !account || "Trato" in window) return;

  const { language, theme, watch } = script.dataset;
  const options: Options = {
    server: new URL(".", script.src).href,
    account,
    language: language ?? (document.documentElement.lang || navigator.language),
    theme: theme === "light" || theme === "dark" ? theme : null,
    watch: watch !== undefined && watch !== "false",
  };
  const page = new Promise<void>((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => { resolve(); });
    else resolve();
  });
  // By its whole address: a script of another site has no base that a relative one could start from.
  const launcher = import(/* @vite-ignore */ `${options.server}widget/launcher.js`) as Promise<typeof Launcher>;
  const widget = Promise.all([launcher, page]).then(([{ mount }]) => mount(options));
  const ask = (work: (found: Launcher.TratoWidget) => unknown) => void widget.then(work);

  Object.defineProperty(window, "Trato", {
    value: Object.freeze({
      open: (opening?: Opening) => { ask((found) => found.open(opening)); },
      close: () => { ask((found) => { found.close(); }); },
      identify: (identity: Identity | null) => { ask((found) => found.identify(identity)); },
      on: (listener: (event: WidgetEvent) => void) => { ask((found) => { found.listen(listener); }); },
    }),
  });
  document.dispatchEvent(new Event("trato:ready")); // for page scripts that came first
})();
