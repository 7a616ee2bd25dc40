/**
 * Notices on a page that opted in that it fails: script errors, failed requests, clicks in vain. Of what is on the
 * page, what is typed and what is answered it reads nothing; what it tells has an address without query.
 */
import { newId } from "../chat/outbox";
import { openStorage } from "../chat/storage";
import { FAILING } from "../i18n/failing";
import type { Opening, Options } from "../types";
import { bare, type Click, CLICKS, type Met, repeated, tells, TOUCHED_WITHIN_MS } from "./decide";
import { TratoFailing } from "./failing";

const MOST = 10; // different failures of one page that are told
const CLOSED = "trato-failing-closed";
const STEPS = "trato-trail";

interface Host {
  renderRoot: HTMLElement | DocumentFragment;
  open: (opening?: Opening) => unknown;
}

class Watch {
  #met: Met[] = [];
  #told = new Set<string>();
  #touchedAt = -Infinity;
  #clicks: Click[] = [];
  #changes: MutationObserver | null = null;
  #changed = false;
  #shown: TratoFailing | null = null;
  #fetch = globalThis.fetch.bind(globalThis);
  #own: string;

  constructor(
    private readonly options: Options,
    private readonly host: Host,
  ) {
    this.#own = new URL(options.server).origin;
    this.#scripts();
    this.#requests();
    addEventListener("pointerdown", this.#touch, { capture: true, passive: true });
    addEventListener("keydown", this.#touch, { capture: true, passive: true });
    addEventListener("click", (event) => { this.#click(event); }, { capture: true, passive: true });
  }

  #touch = (): void => {
    this.#touchedAt = performance.now();
  };

  #scripts(): void {
    addEventListener("error", (event) => {
      // what is not a script's error is a picture that did not load; a script of an extension is not the page's
      const script = event instanceof ErrorEvent ? bare(event.filename || "about:", location.href) : "";
      if (script && !this.#isOurs(event.filename)) this.#note("script", script, event.lineno);
    });
    addEventListener("unhandledrejection", () => { this.#note("script", "", null); });
  }

  /** Passes everything on as it is; looks at the status alone. */
  #requests(): void {
    const original = globalThis.fetch;
    const failed = (address: string, status: number | null): void => {
      if (status !== null && status < 500) return;
      const what = bare(address, location.href);
      if (what && !this.#isOurs(what) && (status !== null || navigator.onLine)) this.#note("request", what, status);
    };
    globalThis.fetch = function (this: unknown, ...given: Parameters<typeof fetch>) {
      const answer = original.apply(this as typeof globalThis, given);
      const [asked] = given;
      const address = asked instanceof Request ? asked.url : String(asked);
      answer.then(
        ({ status }) => { failed(address, status); },
        (error: unknown) => {
          if (!(error instanceof DOMException && error.name === "AbortError")) failed(address, null);
        },
      );
      return answer;
    };
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (...given: Parameters<typeof send>) {
      this.addEventListener("load", () => { failed(this.responseURL, this.status); });
      this.addEventListener("error", () => { failed(this.responseURL || location.href, null); });
      send.apply(this, given);
    };
  }

  #click({ clientX, clientY, target, timeStamp }: MouseEvent): void {
    if (target instanceof Element && target.closest("input, textarea, select, [contenteditable], trato-widget")) return;
    this.#clicks = [...this.#clicks.slice(1 - CLICKS), { at: timeStamp, x: clientX, y: clientY }];
    if (!repeated(this.#clicks, 2)) {
      this.#changes?.disconnect();
      this.#changes = null;
      this.#changed = false;
    } else if (!this.#changes) {
      // something that moves when it is clicked works: only what does nothing is clicked in vain
      this.#changes = new MutationObserver((seen) => {
        if (seen.some(({ target }: { target: unknown }) => target !== this.host)) this.#changed = true; // we dress when the brand's look comes
      });
      this.#changes.observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    if (repeated(this.#clicks)) {
      setTimeout(() => {
        if (!this.#changed) this.#note("clicks", "", null);
      }, 300);
    }
  }

  #isOurs(address: string): boolean {
    return this.#own !== location.origin ? address.startsWith(this.#own) : /\/(widget|api\/v1\/visitor)\b/.test(address);
  }

  #note(kind: Met["kind"], what: string, detail: number | null): void {
    const at = performance.now();
    this.#met = [...this.#met.slice(-MOST), { kind, at, touched: at - this.#touchedAt < TOUCHED_WITHIN_MS }];
    const key = `${kind} ${what} ${String(detail)}`;
    if (!this.#told.has(key) && this.#told.size < MOST) {
      this.#told.add(key);
      this.#tell(kind, what, detail);
      keepStep(kind);
    }
    if (!this.#shown && !isClosed() && tells(this.#met, at)) this.#show();
  }

  #tell(kind: Met["kind"], what: string, detail: number | null): void {
    const { account, server } = this.options;
    const body = { account, visitor: visitorOf(account), page: pageNow(), kind, what, detail };
    void this.#fetch(`${server}api/v1/visitor/failures`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      keepalive: true,
    }).catch(() => undefined); // the network is what fails: the visitor is told all the same
  }

  #show(): void {
    if (!customElements.get("trato-failing")) customElements.define("trato-failing", TratoFailing);
    const primary = this.options.language.toLowerCase().split(/[-_]/)[0] ?? "";
    const strings = FAILING[primary] ?? FAILING.es;
    const shown = document.createElement("trato-failing") as TratoFailing;
    shown.strings = strings;
    const close = () => {
      shown.remove();
      remember(CLOSED, "1");
    };
    shown.addEventListener("close", close);
    shown.addEventListener("tell", () => {
      close();
      this.host.open({ report: strings.expected });
    });
    shown.addEventListener("person", () => {
      close();
      this.host.open({ text: strings.say(pageNow()) });
    });
    this.host.renderRoot.append(shown);
    this.#shown = shown;
  }
}

const pageNow = (): string => location.origin + location.pathname;

/** A number for this day, so that one visitor is not taken for several; it leads to nobody. */
function visitorOf(account: string): string {
  const storage = openStorage(account);
  const day = new Date().toISOString().slice(0, 10);
  const kept = storage.get<{ day: string; id: string }>("watch");
  if (kept?.day === day) return kept.id;
  const id = crypto.randomUUID();
  storage.set("watch", { day, id });
  return id;
}

/** Keeps it in the tab beside what else was done alone: who agrees shows it to who helps them. */
function keepStep(kind: Met["kind"]): void {
  try {
    const steps: unknown = JSON.parse(sessionStorage.getItem(STEPS) ?? "[]");
    const step = { id: newId(), kind: "failure", outcome: kind, at: new Date().toISOString(), page: pageNow() };
    remember(STEPS, JSON.stringify([...(Array.isArray(steps) ? steps : []), step].slice(-60)));
  } catch {
    // forbidden, or not ours
  }
}

function isClosed(): boolean {
  try {
    return sessionStorage.getItem(CLOSED) !== null;
  } catch {
    return false;
  }
}

function remember(name: string, value: string): void {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // then it is for this page alone
  }
}

/** Begins to look; what it shows stands beside the button of the widget. */
export function watch(options: Options, host: Host): void {
  new Watch(options, host);
}
