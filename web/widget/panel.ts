/** The conversation as a dialog: a panel beside the page, the whole screen on a phone. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Chat } from "./chat/chat";
import { bring } from "./host/bring";
import { languageOf, loadStrings } from "./i18n";
import { LAUNCHER } from "./i18n/launcher";
import type { TratoSearch } from "./search/box";
import type { Opening, Options, WidgetEvent } from "./types";
import "./ui/composer";
import type { TratoComposer } from "./ui/composer";
import { loadFont } from "./ui/font";
import type { TratoCallback } from "./ui/callback";
import { greeting, sign, standing } from "./ui/head";
import { home, people, search, type Turns } from "./ui/home";
import { homeStyles } from "./ui/home.css";
import { close, more } from "./ui/icons";
import "./ui/known";
import { ways } from "./ui/look";
import "./ui/menu";
import { markedStyles } from "./ui/marked.css";
import { oldHeights } from "./ui/old.css";
import { panelStyles } from "./ui/panel.css";
import type { TratoReport } from "./ui/report";
import { thread } from "./ui/thread";
import { threadStyles } from "./ui/thread.css";
import { shareQuestion } from "./ui/share";
import { base } from "./ui/tokens";
import { strip } from "./ui/wait";

const NARROW = "(max-width: 480px), (max-height: 480px)";
const NEAR_END_PX = 80;
/** How often an open chat looks for what stopped working or works again. */
const LOOK_EVERY_MS = 20_000;
/** Until the page is drawn without the panel. */
const ASIDE_MS = 300;

/** What is shown: the talk, or what stands in its place. */
type View = "talk" | "menu" | "agree" | "report" | "read" | "shot";

export class TratoPanel extends LitElement {
  static override styles = [base, panelStyles, threadStyles, oldHeights, homeStyles, markedStyles];
  static override properties = { view: { state: true }, dragging: { state: true }, failed: { state: true } };

  declare chat: Chat;
  declare options: Options;
  private declare view: View;
  private declare dragging: boolean;
  /** Whether what was just asked for could not be fetched. */
  private declare failed: boolean;
  declare tell: (event: WidgetEvent) => void;
  /** Forms that were begun, with what is written in them until it is sent. */
  #report: TratoReport | null = null;
  #callback: TratoCallback | null = null;
  #followEnd = true;
  #scrolledTo = 0;
  #shown = false;
  #looking = 0;

  constructor() {
    super();
    this.view = "talk";
    this.dragging = false;
    this.failed = false;
  }

  /** Opens, with the focus where the visitor goes on. */
  async show(opening?: Opening): Promise<void> {
    void this.chat.start();
    if (opening) this.#direct(opening);
    await Promise.all([this.updateComplete, loadFont()]);
    if (!this.#dialog.open) this.#showDialog();
    if (opening?.text) this.#composer?.suggest(opening.text);
    this.#shown = true;
    this.#followEnd = true;
    clearInterval(this.#looking);
    this.#looking = window.setInterval(() => {
      if (document.visibilityState === "visible") void this.chat.look();
    }, LOOK_EVERY_MS);
    if (opening?.article) await this.#read(opening.article);
    // On a touch screen the keyboard would cover what there is to read.
    else if (matchMedia("(pointer: coarse)").matches) this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
    else this.#composer?.focus();
    this.requestUpdate();
  }

  #showDialog(): void {
    if (matchMedia(NARROW).matches) this.#dialog.showModal();
    else this.#dialog.show();
  }

  /** Stands where it was asked to open. */
  #direct(opening: Opening): void {
    this.#go("talk");
    if (opening.report !== undefined) this.#openReport(opening.report);
    if (opening.article) this.#go("read");
    if (opening.way === "callback") this.#openAgreement();
  }

  hide(): void {
    if (!this.#shown) return;
    this.#shown = false;
    clearInterval(this.#looking);
    if (this.view === "talk" && this.renderRoot.querySelector(".question")) this.chat.kept.asked = true; // once; it stands in the menu
    const inside = (this.renderRoot as ShadowRoot).activeElement !== null;
    this.#go("talk");
    this.#composer?.rest();
    this.#dialog.close();
    this.dispatchEvent(new CustomEvent<boolean>("close", { detail: inside }));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) {
      void this.#stand();
      return;
    }
    this.lang = this.options.language;
    let { left } = this.chat;
    this.chat.subscribe(() => {
      if (left !== this.chat.left) {
        this.#report = this.#callback = null; // what the one who left had open is not for who is here now
        this.#go("talk");
      }
      left = this.chat.left;
      this.requestUpdate();
    });
    document.addEventListener("visibilitychange", () => { this.requestUpdate(); });
  }

  /** Stands as before, where the page had taken it out and put it back: a browser forgets then what lies on top. */
  async #stand(): Promise<void> {
    if (this.#shown && this.#dialog.open) {
      this.#dialog.removeAttribute("open");
      this.#showDialog();
    }
    this.requestUpdate();
    await this.updateComplete;
    const body = this.renderRoot.querySelector(".body");
    if (body && !this.#followEnd) body.scrollTop = this.#scrolledTo;
  }

  protected override render() {
    const { state, strings } = this.chat;
    return html`
      <dialog
        aria-labelledby="title"
        class=${this.#talking || this.view === "menu" || this.view === "agree" ? "" : "calm"}
        @cancel=${this.#cancel}
        @close=${() => { if (!this.#dialog.open) this.hide(); }}
        @keydown=${this.#key}
        @dragenter=${this.#drag}
        @dragover=${this.#drag}
        @dragleave=${this.#dragEnd}
        @drop=${this.#drop}
      >
        ${this.#header()}
        ${state.phase === "refused" ? html`<p class="notice" role="alert">${strings.refused}</p>` : nothing}
        <div class="talk" ?hidden=${this.view !== "talk"} ?inert=${this.view !== "talk"}>${this.#talk()}</div>
        ${this.#inPlace()}
        ${this.dragging ? html`<div class="drop" aria-hidden="true">${strings.dropHere}</div>` : nothing}
      </dialog>
    `;
  }

  protected override updated(): void {
    if (this.view !== "talk") this.#composer?.rest();
    const body = this.renderRoot.querySelector(".body");
    if (body && this.#followEnd) body.scrollTop = body.scrollHeight;
    if (this.#shown && this.view === "talk" && document.visibilityState === "visible") this.chat.seen();
  }

  get #dialog(): HTMLDialogElement {
    const found = this.renderRoot.querySelector("dialog");
    if (!found) throw new Error("not rendered yet");
    return found;
  }

  get #composer(): TratoComposer | null {
    return this.renderRoot.querySelector("trato-composer");
  }

  get #talking(): boolean {
    return this.chat.state.messages.length + this.chat.state.pending.length > 0;
  }

  #header(): TemplateResult {
    const { state, strings } = this.chat;
    const known = state.greeting?.case;
    const title = known ? `${strings.yourCase(known.number)}: ${known.title}` : state.greeting?.brand;
    return html`
      <div class="header ${this.#talking ? "small" : ""}">
        ${sign(this.#talking ? (state.conversation?.agent ?? null) : null, this.options.server)}
        <div class="title">
          <h2 id="title" tabindex="-1" dir="auto">
            ${this.#talking ? title || strings.conversation : greeting(state, strings)}
          </h2>
          <p role="status" dir="auto">${this.#talking ? standing(state, strings, this.options.language) : ""}</p>
        </div>
        <button
          class="icon more"
          type="button"
          aria-label=${strings.menu}
          aria-expanded=${this.view === "menu" ? "true" : "false"}
          @click=${() => { this.#go(this.view === "menu" ? "talk" : "menu"); }}
        >${more}</button>
        <button class="icon" type="button" aria-label=${strings.close} @click=${() => { this.hide(); }}>${close}</button>
      </div>
      ${state.online ? nothing : html`<p class="offline" role="status">${strings.offline} ${ways()}</p>`}
      <div role="status">${this.failed ? html`<p class="offline">${LAUNCHER[this.options.language]?.unavailable}</p>` : nothing}</div>
    `;
  }

  #talk(): TemplateResult {
    const { chat, options } = this;
    const { state, strings } = chat;
    return html`
      ${state.incidents.length ? html`<trato-known .chat=${chat} .incidents=${state.incidents}></trato-known>` : nothing}
      <div class="body" tabindex="-1" @scroll=${this.#scrolled}>
        ${this.#talking ? thread(chat, options.language) : home(chat, options, this.#turns)}
      </div>
      <div class="footer">
        <div class="beside">
          ${shareQuestion(chat)}
          ${this.#talking ? strip(chat, options.language, this.#openAgreement) : state.preference.prefers === "person" ? nothing : people(chat, options, this.#turns)}
          ${state.conversation?.status === "closed" && state.pending.length === 0
            ? html`<p class="hint">${strings.endedHint}</p>`
            : nothing}
        </div>
        <trato-composer
          .chat=${chat}
          .language=${options.language}
          @shot=${() => { this.#part(() => import("./ui/shot"), () => { this.#go("shot"); }); }}
          @sent=${() => { this.#followEnd = true; }}
        ></trato-composer>
      </div>
    `;
  }

  /** What stands in place of the talk. */
  #inPlace(): unknown {
    if (this.view === "agree") return this.#callback;
    if (this.view === "report") return this.#report;
    if (this.view === "read") return this.#readView();
    if (this.view === "shot") return this.#shotView();
    if (this.view === "talk") return nothing;
    return html`<trato-menu .chat=${this.chat} @done=${this.#leave} @report=${() => { this.#openReport(""); }}></trato-menu>`;
  }

  #shotView(): TemplateResult {
    const take = (event: CustomEvent<File>) => {
      this.#leave();
      this.#composer?.attach([event.detail]);
    };
    return html`<trato-shot .chat=${this.chat} .aside=${this.#aside} @done=${this.#leave} @picture=${take}></trato-shot>`;
  }

  /** Leaves the page in view while a picture of it is taken. */
  #aside = async (work: () => Promise<void>): Promise<void> => {
    this.#dialog.classList.add("aside");
    try {
      await new Promise((resolve) => setTimeout(resolve, ASIDE_MS));
      await work();
    } finally {
      this.#dialog.classList.remove("aside");
    }
  };

  #readView(): TemplateResult {
    return html`<div class="reading">
      <button class="link" type="button" @click=${this.#leave}>${this.chat.strings.back}</button>
      ${search(this.chat, this.options, this.#turns)}
    </div>`;
  }

  async #read(name: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<TratoSearch>(".reading trato-search")?.read(name);
  }

  /** Where what stands in the panel leads. */
  readonly #turns: Turns = {
    write: (text = "") => {
      if (text) this.#composer?.suggest(text);
      this.#toComposer();
    },
    agree: () => { this.#openAgreement(); },
    tell: (event) => { this.tell(event); },
  };

  #openReport(text: string): void {
    this.#part(() => import("./ui/report"), () => {
      this.#report ??= this.#form<TratoReport>("trato-report");
      void this.#report.suggest(text);
      this.#go("report");
    });
  }

  #openAgreement = (): void => {
    this.#part(() => import("./ui/callback"), () => {
      if (!this.#callback || this.#callback.agreed) this.#callback = this.#form<TratoCallback>("trato-callback");
      this.#callback.language = this.options.language;
      this.#go("agree");
    });
  };

  #form<Form extends TratoReport | TratoCallback>(name: string): Form {
    const form = document.createElement(name) as Form;
    form.chat = this.chat;
    form.addEventListener("done", () => { if (form.isConnected) this.#leave(); });
    return form;
  }

  /** Fetches what stands in place of the talk, and then shows it; where it cannot be had, says so. */
  #part(load: () => Promise<unknown>, show: () => void): void {
    this.failed = false;
    bring(load).then(show, () => { this.failed = true; });
  }

  #go(view: View): void {
    this.view = view;
    this.failed = false;
    if (this.#report?.sent && view !== "report") this.#report = null;
    if (this.#callback?.agreed && view !== "agree") this.#callback = null;
  }

  #toComposer(): void {
    this.#go("talk");
    void this.updateComplete.then(() => this.#composer?.focus());
  }

  /** Goes back to the talk, with the focus where one goes on: from the menu, where it was opened. */
  #leave = (): void => {
    if (this.view !== "menu") {
      this.#toComposer();
      return;
    }
    this.#go("talk");
    this.renderRoot.querySelector<HTMLElement>(".more")?.focus();
  };

  #scrolled(event: Event): void {
    const body = event.currentTarget as HTMLElement;
    if (!body.clientHeight) return; // out of sight
    this.#followEnd = body.scrollHeight - body.scrollTop - body.clientHeight < NEAR_END_PX;
    this.#scrolledTo = body.scrollTop;
  }

  /** The back button of a phone; a browser that will not be held up closes the dialog by itself the next time. */
  #cancel(event: Event): void {
    if (event.target === event.currentTarget && this.#back()) event.preventDefault(); // else it closes, and so hides
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    event.preventDefault();
    if (!this.#back()) this.hide();
  }

  /** Goes one step back inside; false where there is none. */
  #back(): boolean {
    if (this.view === "talk") return false;
    this.#leave();
    return true;
  }

  #drag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dragging = this.view === "talk";
  }

  #dragEnd(event: DragEvent): void {
    if (!this.#dialog.contains(event.relatedTarget as Node | null)) this.dragging = false;
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.dragging = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (this.view === "talk") this.#composer?.attach(files);
  }
}

/** Makes the panel of one account, with its words loaded. */
export async function makePanel(options: Options, emit: (event: WidgetEvent) => void): Promise<TratoPanel> {
  if (!customElements.get("trato-panel")) customElements.define("trato-panel", TratoPanel);
  const panel = document.createElement("trato-panel") as TratoPanel;
  const language = languageOf(options.language);
  panel.options = { ...options, language };
  panel.tell = emit;
  panel.chat = new Chat(panel.options, await loadStrings(language), emit);
  return panel;
}
