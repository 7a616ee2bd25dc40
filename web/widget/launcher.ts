/** The button at the corner of the page; the conversation behind it is fetched at the first touch. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Chat } from "./chat/chat";
import { forgetTab, hasLeft, isUnsent, type Kept, namedIn, tabStorage, takeUp } from "./chat/kept";
import { nameOf } from "./chat/identity";
import { openStorage } from "./chat/storage";
import { bring, bringFrom } from "./host/bring";
import { fitContext } from "./host/context";
import { Listeners } from "./host/hear";
import { keepKeys } from "./host/keys";
import { later, laterStyles } from "./host/later";
import { Stay } from "./host/stay";
import { LAUNCHER, type LauncherStrings } from "./i18n/launcher";
import type { TratoPanel } from "./panel";
import type { Context, Identity, Opening, Options, WidgetEvent } from "./types";
import { thread } from "./ui/icons";
import { dress, look, type Look, put, ways } from "./ui/look";
import { oldColours } from "./ui/old.css";
import { base, held, tokens } from "./ui/tokens";

/** Where a page shows answers in place. */
const IN_PLACE = "[data-trato-answers]";
/** What comes faster is not announced. */
const SLOW_MS = 250;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

export class TratoWidget extends LitElement {
  static override styles = [
    tokens,
    oldColours,
    base,
    laterStyles,
    css`
      :host {
        ${held(`
          display: block;
          position: fixed;
          z-index: 2147483000;
          inset-block-end: max(20px, env(safe-area-inset-bottom));
          inset-inline-start: var(--look-start, auto);
          inset-inline-end: var(--look-end, max(20px, env(safe-area-inset-right)));
        `)}
      }
      .away {
        width: max-content;
        max-width: min(280px, 100vw - 40px);
        margin-block-end: 8px;
        padding: 10px 14px;
        border: 1px solid var(--line);
        border-radius: calc(var(--round) * 0.72);
        background: var(--surface);
        font-size: 15px;
      }
      .ways {
        display: grid;
        margin-block-start: 4px;
      }
      .ways a {
        min-height: 24px;
        color: var(--thread-ink);
      }
      .launcher {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 48px;
        padding: 0 18px 0 14px;
        border-radius: min(24px, calc(var(--round) * 1.72));
        background: var(--thread);
        color: var(--on-thread);
        font-weight: 550;
        box-shadow: 0 4px 18px oklch(0.3 0.02 240 / 0.22);
      }
      .launcher:focus-visible {
        outline: 3px solid var(--ink);
        outline-offset: 2px;
      }
      .count {
        min-width: 22px;
        padding: 0 6px;
        border-radius: 11px;
        background: var(--on-thread);
        color: var(--thread);
        font-size: 14px;
        line-height: 22px;
        text-align: center;
        font-variant-numeric: tabular-nums;
      }
      :host([hidden]) {
        display: none !important;
      }
      @media print {
        :host {
          display: none !important;
        }
      }
      .coming {
        width: 20px;
        height: 20px;
        border: 2px solid;
        border-block-start-color: transparent;
        border-radius: 50%;
        animation: turn 0.8s linear infinite;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
    `,
  ];

  static override properties = {
    unread: { state: true },
    shown: { state: true },
    busy: { state: true },
    slow: { state: true },
    failed: { state: true },
    theme: { reflect: true },
    look: { state: true },
    panel: { state: true },
  };

  declare options: Options;
  declare theme: string | null;
  private declare unread: number;
  private declare shown: boolean;
  private declare busy: boolean;
  /** Whether it takes so long that it is said. */
  private declare slow: boolean;
  private declare failed: boolean;
  /** Nothing is shown before it is known how. */
  private declare look: Look | null;
  /** The conversation; it may be there before it is known how the button looks. */
  private declare panel: TratoPanel | null;
  #loading: Promise<TratoPanel> | null = null;
  #chat: Chat | null = null;
  /** Whom the site vouched for before the conversation was here to be told. */
  #identity: Identity | null = null;
  #context: Context | null = null;
  /** Until it is tried by itself again to bring the conversation; null while there is no need. */
  #pauseMs: number | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Listeners<WidgetEvent>();
  #stay = new Stay(this);

  constructor() {
    super();
    this.unread = 0;
    this.shown = false;
    this.busy = false;
    this.slow = false;
    this.failed = false;
    this.theme = null;
    this.look = null;
    this.panel = null;
  }

  /** Shows the conversation and moves the focus into it. */
  async open(opening?: Opening): Promise<void> {
    this.stay();
    this.busy = true;
    this.failed = false;
    const slow = setTimeout(() => { this.slow = true; }, SLOW_MS);
    try {
      const panel = await this.#load();
      await panel.show(opening);
      this.shown = true;
      this.#emit({ type: "opened" });
    } catch {
      this.failed = true; // the network: the button stays and says so
      if (opening?.text) this.#keepWords(opening.text);
      this.#retry();
    } finally {
      clearTimeout(slow);
      this.busy = false;
      this.slow = false;
    }
  }

  /** Puts itself back on the page, where the page had taken it out. */
  stay(): void {
    this.#stay.now();
  }

  close(): void {
    if (this.shown) this.panel?.hide();
  }

  /** Takes up who is here; null when they signed out. What is kept of another one is gone before it returns. */
  identify(identity: Identity | null): void {
    if (this.#chat) {
      void this.#chat.identify(identity);
      return;
    }
    const { left, unsent } = takeUp(openStorage(this.options.account), identity, this.#identity);
    this.#identity = identity;
    if (unsent) void bring(() => import("./chat/parting")).then(({ sendUnsent }) => sendUnsent(this.options, unsent), () => undefined);
    if (left) this.requestUpdate();
  }

  /** Takes up where the visitor is on the site, and shows answers where the page has a place for them. */
  context(given: unknown): void {
    this.#context = fitContext(given);
    this.#chat?.place.put(this.#context, this.#chat.state.conversation?.status === "open");
    this.#answer();
  }

  /** Tells an order that is complete. */
  async order(given: unknown): Promise<void> {
    const { tellOrder } = await import("./host/order");
    this.#emit(await tellOrder(this.options, given));
  }

  /** Tells the page, as the parts of the widget do that stand in it. */
  tell(event: WidgetEvent): void {
    this.#emit(event);
  }

  listen(listener: (event: WidgetEvent) => void): void {
    this.#listeners.add(listener);
  }

  override connectedCallback(): void {
    // a copy of the page, as some keep for the way back, has one that nothing was said to
    if (!(this.options as Options | undefined)) {
      this.remove();
      return;
    }
    super.connectedCallback();
    if (!this.hasUpdated) this.#begun();
    else soon(() => { this.#answer(); }); // the page is another one
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.options as Options | undefined) this.#stay.soon(performance.now());
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    return keepKeys(super.createRenderRoot());
  }

  /** Does what is done once. */
  #begun(): void {
    bringFrom(this.options);
    this.theme = this.options.theme;
    this.lang = this.#strings.language;
    this.dir = "ltr"; // as all of its languages are, whatever the page is
    void this.dress();
    if (this.options.watch) soon(() => void import("./watch/watch").then(({ watch }) => { watch(this.options, this); }, () => undefined));
    soon(() => { this.#answer(); });
    addEventListener("online", () => { if (this.#pauseMs !== null) void this.#begin(); });
    const storage = openStorage(this.options.account);
    storage.watch<Kept>("session", (before) => {
      if (this.#chat || !hasLeft(before, storage.get<Kept>("session"))) return;
      this.#identity = null; // else this tab would sign in again who signed out in another
      forgetTab(tabStorage());
    });
    storage.watch("named", () => { if (namedIn(storage) !== nameOf(this.#identity)) this.#identity = null; });
    soon(() => {
      // Touched on an earlier page: the answer may come while they read this one.
      if (storage.get<Kept>("session")?.alive || isUnsent(storage)) void this.#begin();
    });
  }

  protected override render() {
    return html`${this.look ? this.#button(this.look) : nothing}${this.panel ?? nothing}`;
  }

  #button({ labels }: Look): TemplateResult {
    const words = this.#strings;
    const text = labels[words.language] ?? words.help;
    const open = words.open(text);
    const label = this.unread ? `${open}. ${words.unread(this.unread)}` : open;
    return html`
      <div class="hidden" role="status">${this.slow ? words.opening : ""}</div>
      <div role="status">${this.failed ? html`<div class="away">${words.unavailable} ${ways()}</div>` : nothing}</div>
      ${this.failed ? html`<div class="away">${later(openStorage(this.options.account), words, () => { this.requestUpdate(); })}</div>` : nothing}
      <button
        class="launcher"
        type="button"
        aria-haspopup="dialog"
        aria-expanded=${this.shown ? "true" : "false"}
        aria-busy=${this.busy ? "true" : "false"}
        ?hidden=${this.shown}
        @click=${() => { if (!this.busy) void this.open(); }}
        @pointerenter=${() => void this.#load().catch(() => undefined)}
      >
        ${this.slow ? html`<span class="coming" aria-hidden="true"></span>` : thread}<span aria-hidden="true">${this.slow ? words.opening : text}</span>
        ${this.unread ? html`<span class="count" aria-hidden="true">${this.unread}</span>` : nothing}
        <span class="hidden">${label}</span>
      </button>
    `;
  }

  /** Asks how the brand looks now, and puts it on. */
  dress(): Promise<void> {
    return dress(this.options, () => { this.#wear(); });
  }

  /** Puts on what was found; what the page's script tag says of light and dark wins. */
  #wear(): void {
    this.look = look();
    this.theme = this.options.theme ?? (this.look.theme === "auto" ? null : this.look.theme);
    put(this, this.look);
    this.panel?.requestUpdate();
  }

  get #strings(): LauncherStrings {
    const primary = this.options.language.toLowerCase().split(/[-_]/)[0] ?? "";
    return LAUNCHER[primary] ?? LAUNCHER.es;
  }

  #load(): Promise<TratoPanel> {
    this.#loading ??= this.#bring().catch((error: unknown) => {
      this.#loading = null; // the next touch tries again
      throw error;
    });
    return this.#loading;
  }

  async #bring(): Promise<TratoPanel> {
    const { makePanel } = await bring(() => import("./panel"));
    const panel = await makePanel(this.options, (event) => { this.#emit(event); });
    panel.addEventListener("close", (event) => { this.#closed((event as CustomEvent<boolean>).detail); });
    this.panel = panel;
    await this.updateComplete;
    this.#chat = panel.chat;
    if (this.#identity) void panel.chat.identify(this.#identity);
    panel.chat.place.put(this.#context);
    return panel;
  }

  /** What was to be said stays, in the empty field, for when it can be said. */
  #keepWords(text: string): void {
    const storage = openStorage(this.options.account);
    if (!storage.get("draft")) storage.set("draft", text);
  }

  /** Begins without a touch: what was written goes out, and the answer comes. Tries until the server is there. */
  async #begin(): Promise<void> {
    try {
      const panel = await this.#load();
      const writing = this.renderRoot.querySelector(".later :focus");
      this.failed = false;
      this.#pauseMs = null;
      if (writing) await this.open(); // they go on where it can be sent
      else void panel.chat.start();
    } catch {
      this.#retry();
    }
  }

  #retry(): void {
    clearTimeout(this.#again);
    this.#pauseMs = Math.min(2 * (this.#pauseMs ?? FIRST_PAUSE_MS / 2), LONGEST_PAUSE_MS);
    this.#again = setTimeout(() => void this.#begin(), this.#pauseMs);
  }

  #answer(): void {
    const places = document.querySelectorAll<HTMLElement>(IN_PLACE);
    if (!places.length) return;
    const about = this.#context?.product?.name ?? "";
    void bring(() => import("./search/answers")).then(({ putAnswers }) => {
      for (const place of places) putAnswers(place, this.options, this, about);
    }, () => undefined); // without the network the page is as it would be without us
  }

  /** The focus goes back to the button when it was in the conversation; elsewhere it is the page's. */
  #closed(inside: boolean): void {
    this.shown = false;
    if (inside) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".launcher")?.focus());
    this.#emit({ type: "closed" });
  }

  #emit(event: WidgetEvent): void {
    if (event.type === "unread") this.unread = event.count;
    this.#listeners.tell(event);
    document.dispatchEvent(new CustomEvent(`trato:${event.type}`, { detail: event }));
  }
}

/** Does it when the page has done what it has to do itself. */
function soon(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 3_000 });
  else setTimeout(work, 1_000);
}

/** Puts the widget on the page. */
export function mount(options: Options): TratoWidget {
  if (!customElements.get("trato-widget")) customElements.define("trato-widget", TratoWidget);
  const widget = document.createElement("trato-widget") as TratoWidget;
  widget.options = options;
  document.body.append(widget);
  return widget;
}
