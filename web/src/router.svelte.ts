/** Where we are: the path of the page, with plain links and the browser's own history. */
import { isDesk } from "./places";
import { unsaved } from "./ui/unsaved.svelte";

let path = $state(location.pathname);
let hash = $state(location.hash);
let search = $state(location.search);
const asked = $derived(Object.fromEntries(new URLSearchParams(search)));

function read(): void {
  path = location.pathname;
  hash = location.hash;
  search = location.search;
}

/** Which step of the browser's history this is, so that one that has to wait can be taken back. */
const numberOf = (state: unknown): number | undefined => (state as { step?: number } | null)?.step;
let step = numberOf(history.state) ?? mark(0);
/** The way back from a step that waits is under way. */
let returning = false;

function mark(number: number): number {
  history.replaceState({ step: number }, "");
  return number;
}

/** After back, forward, or an address of the same page that was typed. */
function popped(): void {
  const by = (numberOf(history.state) ?? mark(step + 1)) - step;
  step += by;
  if (returning) returning = false;
  else if (
    by !== 0 &&
    location.pathname !== path &&
    unsaved.holds(location.pathname, () => {
      history.go(by);
    })
  ) {
    returning = true;
    history.go(-by);
  } else read();
}

addEventListener("popstate", popped);
addEventListener("hashchange", read);

/** Clicks on links of our own stay in the page; those with a modifier, a target or a download do not. */
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
  if (!isDesk(link.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
});

/** Moves to another path, once nothing unsaved is left behind; `replace` leaves no step behind to come back to. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search + location.hash) return;
  const next = to.split(/[?#]/)[0] ?? to;
  if (next === path || !unsaved.holds(next, () => { move(to, replace); })) move(to, replace);
}

function move(to: string, replace: boolean): void {
  if (replace) history.replaceState({ step }, "", to);
  else history.pushState({ step: (step += 1) }, "", to);
  read();
}

export const route = {
  get path() {
    return path;
  },
  get hash() {
    return hash;
  },
  /** What the address says behind its `?` under a name. */
  asked(name: string): string | null {
    return asked[name] ?? null;
  },
  /** The parts of the path: `/admin/channels/7` is `["admin", "channels", "7"]`. */
  get parts(): string[] {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  },
};
