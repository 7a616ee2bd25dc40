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
import { greeting, standing } from "./ui/head";
import { home, people, search, type Turns } from "./ui/home";
import { homeStyles } from "./ui/home.css";
import { close, more } from "./ui/icons";
import "./ui/known";
import { face } from "./ui/face";
import "./ui/logo";
import { look, ways } from "./ui/look";
import "./ui/menu";
import { markedStyles } from "./ui/marked.css";
import { oldHeights } from "./ui/old.css";
import { panelStyles } from "./ui/panel.css";
import { thread } from "./ui/thread";
import { shareQuestion } from "./ui/share";
import { base } from "./ui/tokens";
import { strip } from "./ui/wait";

const NARROW = "(max-width: 480px), (max-height: 480px)";
const NEAR_END_PX = 80;
/** How often an open chat looks for what stopped working or works again. */
const LOOK_EVERY_MS = 20_000;
/** Until the page is drawn without the panel. */
const ASIDE_MS = 300;

export class TratoPanel extends LitElement {
  static override styles = [base, panelStyles, oldHeights, homeStyles, markedStyles];
  static override properties = { menu: { state: true }, agreeing: { state: true }, reporting: { state: true }, reading: { state: true }, shooting: { state: true }, dragging: { state: true }, failed: { state: true } };

  declare chat: Chat;
  declare options: Options;
  private declare menu: boolean;
  private declare agreeing: boolean;
  /** What is said already of a page that does not work; null when that is not being reported. */
  private declare reporting: string | null;
  /** The article that the page asked for; null when none is read. */
  private declare reading: string | null;
  private declare shooting: boolean;
  private declare dragging: boolean;
  /** Whether what was just asked for could not be fetched. */
  private declare failed: boolean;
  declare tell: (event: WidgetEvent) => void;
  #followEnd = true;
  #shown = false;
  #looking = 0;

  constructor() {
    super();
    this.menu = false;
    this.agreeing = false;
    this.reporting = null;
    this.reading = null;
    this.shooting = false;
    this.dragging = false;
    this.failed = false;
  }

  /** Opens, with the focus where the visitor goes on. */
  async show(opening?: Opening): Promise<void> {
    void this.chat.start();
    if (opening) this.#direct(opening);
    await Promise.all([this.updateComplete, loadFont()]);
    if (!this.#dialog.open) {
      if (matchMedia(NARROW).matches) this.#dialog.showModal();
      else this.#dialog.show();
    }
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

  /** Stands where it was asked to open. */
  #direct(opening: Opening): void {
    this.#calm();
    if (opening.report !== undefined) this.#openReport(opening.report);
    if (opening.article) this.reading = opening.article;
    if (opening.way === "callback") this.#openAgreement();
  }

  hide(): void {
    if (!this.#shown) return;
    this.#shown = false;
    clearInterval(this.#looking);
    if (this.renderRoot.querySelector(".question")) this.chat.kept.asked = true; // once; it stands in the menu
    this.#calm();
    this.#dialog.close();
    this.dispatchEvent(new Event("close"));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.lang = this.options.language;
    let { left } = this.chat;
    this.chat.subscribe(() => {
      if (left !== this.chat.left) this.#calm(); // what the one who left had open is not for who is here now
      left = this.chat.left;
      this.requestUpdate();
    });
    document.addEventListener("visibilitychange", () => { this.requestUpdate(); });
  }

  protected override render() {
    const { state, strings } = this.chat;
    return html`
      <dialog
        aria-labelledby="title"
        class=${this.#talking || this.menu || this.agreeing ? "" : "calm"}
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
        ${this.menu ? this.#menuView() : this.reporting !== null ? this.#reportView() : this.agreeing ? this.#agreeView() : this.shooting ? this.#shotView() : this.reading !== null ? this.#readView() : this.#talk()}
        ${this.dragging ? html`<div class="drop" aria-hidden="true">${strings.dropHere}</div>` : nothing}
      </dialog>
    `;
  }

  protected override updated(): void {
    const body = this.renderRoot.querySelector(".body");
    if (body && this.#followEnd) body.scrollTop = body.scrollHeight;
    if (this.#shown && !this.menu && !this.agreeing && document.visibilityState === "visible") this.chat.seen();
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
        ${this.#sign()}
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
          aria-expanded=${this.menu ? "true" : "false"}
          @click=${() => { const menu = !this.menu; this.#calm(); this.menu = menu; }}
        >${more}</button>
        <button class="icon" type="button" aria-label=${strings.close} @click=${() => { this.hide(); }}>${close}</button>
      </div>
      ${state.online ? nothing : html`<p class="offline" role="status">${strings.offline} ${ways()}</p>`}
      <div role="status">${this.failed ? html`<p class="offline">${LAUNCHER[this.options.language]?.unavailable}</p>` : nothing}</div>
    `;
  }

  /** Who attends, as they look; else the shop's sign. */
  #sign(): TemplateResult | typeof nothing {
    const { server } = this.options;
    const agent = this.#talking ? this.chat.state.conversation?.agent : null;
    if (agent?.picture) return face(agent, server);
    const { logo } = look();
    return logo ? html`<trato-logo .src=${new URL(logo, server).href}></trato-logo>` : nothing;
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
        ${shareQuestion(chat)}
        ${this.#talking ? strip(chat, options.language, this.#openAgreement) : state.preference.prefers === "person" ? nothing : people(chat, options, this.#turns)}
        ${state.conversation?.status === "closed" && state.pending.length === 0
          ? html`<p class="hint">${strings.endedHint}</p>`
          : nothing}
        <trato-composer
          .chat=${chat}
          .language=${options.language}
          @shot=${() => { this.#part(() => import("./ui/shot"), () => { this.shooting = true; }); }}
          @sent=${() => { this.#followEnd = true; }}
        ></trato-composer>
      </div>
    `;
  }

  #menuView(): TemplateResult {
    return html`<trato-menu
      .chat=${this.chat}
      @done=${this.#leaveMenu}
      @report=${() => { this.#openReport(""); }}
    ></trato-menu>`;
  }

  #agreeView(): TemplateResult {
    return html`<trato-callback .chat=${this.chat} .language=${this.options.language} @done=${this.#leaveAgreement}></trato-callback>`;
  }

  #reportView(): TemplateResult {
    const done = () => {
      this.reporting = null;
      void this.updateComplete.then(() => this.#composer?.focus());
    };
    return html`<trato-report .chat=${this.chat} .text=${this.reporting ?? ""} @done=${done}></trato-report>`;
  }

  #shotView(): TemplateResult {
    const leave = () => {
      this.shooting = false;
      void this.updateComplete.then(() => this.#composer?.focus());
    };
    const take = (event: CustomEvent<File>) => {
      leave();
      void this.updateComplete.then(() => this.#composer?.attach([event.detail]));
    };
    return html`<trato-shot .chat=${this.chat} .aside=${this.#aside} @done=${leave} @picture=${take}></trato-shot>`;
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
      <button class="link" type="button" @click=${this.#leaveArticle}>${this.chat.strings.back}</button>
      ${search(this.chat, this.options, this.#turns)}
    </div>`;
  }

  async #read(name: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<TratoSearch>(".reading trato-search")?.read(name);
  }

  #leaveArticle = (): void => {
    this.reading = null;
    void this.updateComplete.then(() => this.#composer?.focus());
  };

  /** Where what stands in the panel leads. */
  readonly #turns: Turns = {
    write: (text = "") => {
      this.#calm();
      void this.updateComplete.then(() => {
        if (text) this.#composer?.suggest(text);
        this.#composer?.focus();
      });
    },
    agree: () => { this.#openAgreement(); },
    tell: (event) => { this.tell(event); },
  };

  #openReport(text: string): void {
    this.#part(() => import("./ui/report"), () => {
      this.#calm();
      this.reporting = text;
    });
  }

  /** Fetches what stands in place of the talk, and then shows it; where it cannot be had, says so. */
  #part(load: () => Promise<unknown>, show: () => void): void {
    this.failed = false;
    bring(load).then(show, () => { this.failed = true; });
  }

  /** Leaves whatever stands in place of the talk. */
  #calm(): void {
    this.menu = false;
    this.agreeing = false;
    this.reporting = null;
    this.reading = null;
    this.shooting = false;
    this.failed = false;
  }

  #openAgreement = (): void => {
    this.#part(() => import("./ui/callback"), () => { this.agreeing = true; });
  };

  #leaveAgreement(): void {
    this.agreeing = false;
    void this.updateComplete.then(() => this.#composer?.focus());
  }

  #scrolled(event: Event): void {
    const body = event.currentTarget as HTMLElement;
    this.#followEnd = body.scrollHeight - body.scrollTop - body.clientHeight < NEAR_END_PX;
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
    if (this.menu) this.#leaveMenu();
    else if (this.reporting !== null) this.reporting = null;
    else if (this.agreeing) this.#leaveAgreement();
    else if (this.shooting) this.shooting = false;
    else if (this.reading !== null) this.#leaveArticle();
    else return false;
    return true;
  }

  /** Goes back to the talk, with the focus where the menu was opened. */
  #leaveMenu(): void {
    this.menu = false;
    this.renderRoot.querySelector<HTMLElement>(".more")?.focus();
  }

  #drag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dragging = !this.menu && !this.agreeing;
  }

  #dragEnd(event: DragEvent): void {
    if (!this.#dialog.contains(event.relatedTarget as Node | null)) this.dragging = false;
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.dragging = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!this.menu) this.#composer?.attach(files);
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
