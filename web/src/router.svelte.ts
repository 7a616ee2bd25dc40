/** Where we are: the path of the page, with plain links and the browser's own history. */
import { isDesk } from "./places";

let path = $state(location.pathname);
let hash = $state(location.hash);
let search = $state(location.search);
const asked = $derived(Object.fromEntries(new URLSearchParams(search)));

function read(): void {
  path = location.pathname;
  hash = location.hash;
  search = location.search;
}

addEventListener("popstate", read);
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

/** Moves to another path; `replace` leaves no step behind to come back to. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search + location.hash) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
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
