/** The script of the shop's page: small, classic, alone; it brings the widget and queues what is asked of it. */
import type * as Launcher from "./launcher";
import type { TratoApi, TratoCall } from "./trato";
import type { Options, WidgetEvent } from "./types";

// In a function of its own: the names of a classic script would be the page's names too.
// Nothing may be imported here but types: a static import makes a classic script a syntax error.
(() => {
  const script =
    (document.currentScript as HTMLScriptElement | null) ??
    document.querySelector<HTMLScriptElement>("script[data-account][src*='widget.js']");
  const account = script?.dataset["account"];
  const queued = window.Trato;
  if (queued && !Array.isArray(queued)) {
    queued.push(); // again, on a page that was swapped: the widget goes on, and is put back
    return;
  }
  if (!script || !account) return;

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
  const ask = (work: (found: Launcher.TratoWidget) => unknown) => void widget.then((found) => {
    found.stay();
    return work(found);
  });

  type Hears = (event: WidgetEvent) => void;
  const api: Omit<TratoApi, "on"> & { on: (...given: [Hears] | [string, Hears]) => () => void } = {
    open: (opening) => { ask((found) => found.open(opening)); },
    close: () => { ask((found) => { found.close(); }); },
    identify: (identity) => { ask((found) => { found.identify(identity); }); },
    context: (context) => { ask((found) => { found.context(context); }); },
    order: (order) => { ask((found) => found.order(order)); },
    on: (...given) => {
      const hear = given[given.length - 1] as Hears;
      const name = given.length > 1 ? given[0] : null;
      let hears = true;
      ask((found) => { found.listen((event) => { if (hears && (!name || event.type === name)) hear(event); }); });
      return () => { hears = false; };
    },
    push: (...calls) => {
      ask(() => undefined);
      for (const [name, ...given] of calls) {
        // what a page pushed is whatever it is: a name of nothing does nothing
        const act = (api as unknown as Record<string, ((...given: unknown[]) => unknown) | undefined>)[name];
        if (Object.prototype.hasOwnProperty.call(api, name) && name !== ("push" as string)) act?.(...given);
      }
    },
  };
  Object.defineProperty(window, "Trato", { value: Object.freeze(api) });
  api.push(...((queued as TratoCall[] | undefined) ?? []));
  document.dispatchEvent(new Event("trato:ready")); // for page scripts that came first
})();
