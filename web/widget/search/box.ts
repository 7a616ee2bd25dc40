/** The search where it stands: a field, the best answers as somebody types, and an article read in place. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Answers, Article, Found, Options, WidgetEvent } from "../types";
import { close } from "../ui/icons";
import { base } from "../ui/tokens";
import { fetchArticle, findAnswers, keepStep, noteOpened, saySolved } from "./api";
import { searchStyles } from "./box.css";
import { leaves } from "./leaves";
import { searchStrings, type SearchStrings } from "./strings";

const PAUSE_MS = 250;
const SHORTEST = 3;
const MOST = 300;

export class TratoSearch extends LitElement {
  static override styles = [base, searchStyles];
  static override properties = {
    options: { attribute: false },
    about: { attribute: false },
    eager: { attribute: false },
    question: { state: true },
    found: { state: true },
    searching: { state: true },
    reading: { state: true },
    article: { state: true },
    gone: { state: true },
    said: { state: true },
  };

  declare options: Options;
  /** What the page shows, such as the name of a product. */
  declare about: string;
  /** Whether what is known of that thing is shown before anything is asked. */
  declare eager: boolean;
  private declare question: string;
  private declare found: Answers | null;
  private declare searching: boolean;
  private declare reading: Pick<Found, "language" | "slug"> | null;
  private declare article: Article | null;
  private declare gone: boolean;
  private declare said: boolean | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;
  #shownAbout = "";

  constructor() {
    super();
    this.about = "";
    this.eager = false;
    this.question = "";
    this.found = null;
    this.searching = false;
    this.reading = null;
    this.article = null;
    this.gone = false;
    this.said = null;
  }

  /** Shows an article, named by its slug or by language and slug. */
  read(name: string): void {
    const [slug, language] = name.split("/").reverse();
    if (slug) void this.#read({ language: language ?? this.#words.language, slug }, false);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  protected override updated(): void {
    if (!this.eager || this.about === this.#shownAbout) return;
    this.#shownAbout = this.about;
    if (this.about && !this.question) void this.#find(false);
  }

  protected override render() {
    const words = this.#words;
    return html`
      <form role="search" @submit=${this.#submit}>
        <label for="q">${words.label}</label>
        <div class="field">
          <input
            id="q"
            type="search"
            autocomplete="off"
            enterkeyhint="search"
            maxlength=${MOST}
            .value=${this.question}
            @input=${this.#typed}
            @keydown=${this.#key}
          />
          ${this.question
            ? html`<button class="icon" type="button" aria-label=${words.clear} @click=${this.#clear}>${close}</button>`
            : nothing}
        </div>
      </form>
      <p class="hidden" role="status">${this.#status()}</p>
      ${this.#results()}
    `;
  }

  get #words(): SearchStrings {
    return searchStrings(this.options.language);
  }

  #status(): string {
    const words = this.#words;
    if (this.searching) return words.searching;
    if (!this.found || (!this.question && this.eager)) return "";
    return this.found.state === "answered" ? words.found(this.found.items.length) : this.#lead();
  }

  /** What is said above what was found when it is no answer. */
  #lead(): string {
    const words = this.#words;
    if (!this.found || !this.question) return "";
    if (this.found.state === "not_now") return words.notNow;
    if (this.found.state === "unknown") return words.unknown;
    return this.found.state === "perhaps" ? words.perhaps : "";
  }

  #results(): TemplateResult | typeof nothing {
    const items = this.found?.items ?? [];
    const alone = this.reading && !items.some((one) => this.#isRead(one));
    const lead = this.#lead();
    return html`
      ${alone ? this.#article() : nothing}
      ${lead ? html`<p class="lead">${lead}</p>` : nothing}
      ${items.length ? html`<ul class="found">${items.map((one) => this.#entry(one))}</ul>` : nothing}
      ${this.found && this.question && this.found.state !== "answered"
        ? html`<button class="link" type="button" @click=${() => { this.#person(""); }}>${this.#words.person}</button>`
        : nothing}
    `;
  }

  #entry(one: Found): TemplateResult {
    const open = this.#isRead(one);
    return html`
      <li lang=${one.language}>
        <button type="button" class="title" aria-expanded=${open ? "true" : "false"} @click=${() => { this.#toggle(one); }}>
          ${one.title}
        </button>
        ${open ? this.#article() : html`<p class="passage">${one.passage}</p>`}
      </li>
    `;
  }

  #article(): TemplateResult {
    const words = this.#words;
    const { article } = this;
    if (!article) {
      return html`<p class="passage" role=${this.gone ? "alert" : "status"}>${this.gone ? words.gone : words.loading}</p>`;
    }
    return html`
      <section class="article" aria-label=${article.title} lang=${article.language}>
        ${this.found?.items.some((one) => this.#isRead(one)) ? nothing : html`<h3 tabindex="-1">${article.title}</h3>`}
        ${article.summary ? html`<p>${article.summary}</p>` : nothing}
        ${leaves(article.body)}
        <p lang=${words.language}>
          <a href=${article.url} target="_blank" rel="noopener">${article.whole ? words.newTab : words.whole}</a>
        </p>
        <div class="solved" lang=${words.language}>${this.#solved(article, words)}</div>
        <button class="link" type="button" lang=${words.language} @click=${this.#shut}>${words.close}</button>
      </section>
    `;
  }

  #solved(article: Article, words: SearchStrings): TemplateResult {
    if (this.said !== null) {
      return html`<p role="status">${this.said ? words.thanks : words.sorry}</p>
        ${this.said
          ? nothing
          : html`<button class="button main" type="button" @click=${() => { this.#person(article.title); }}>${words.person}</button>`}`;
    }
    const answer = (solved: boolean) => () => { this.#say(article, solved); };
    return html`<span id="solved">${words.solved}</span>
      <button class="button" type="button" aria-describedby="solved" @click=${answer(true)}>${words.yes}</button>
      <button class="button" type="button" aria-describedby="solved" @click=${answer(false)}>${words.no}</button>`;
  }

  #isRead(one: Pick<Found, "language" | "slug">): boolean {
    return this.reading?.slug === one.slug && this.reading.language === one.language;
  }

  #toggle(one: Found): void {
    if (this.#isRead(one)) this.#shut();
    else void this.#read(one, true);
  }

  #shut = (): void => {
    const shut = this.reading;
    this.reading = null;
    this.article = null;
    const index = this.found?.items.findIndex((one) => one.slug === shut?.slug && one.language === shut.language) ?? -1;
    void this.updateComplete.then(() => {
      const [at] = [...this.renderRoot.querySelectorAll<HTMLElement>(".title")].slice(Math.max(index, 0));
      (index < 0 ? this.renderRoot.querySelector("input") : at)?.focus();
    });
  };

  async #read(one: Pick<Found, "language" | "slug">, chosen: boolean): Promise<void> {
    const asked = { language: one.language, slug: one.slug };
    this.reading = asked;
    this.article = null;
    this.gone = false;
    this.said = null;
    try {
      const article = await fetchArticle(this.options, one.language, one.slug);
      if (this.reading !== asked) return;
      this.article = article;
      if (chosen) {
        noteOpened(this.options);
        keepStep({ kind: "article", language: article.language, slug: article.slug });
        this.#tell({ type: "answered", article: `${article.language}/${article.slug}` });
      } else {
        await this.updateComplete;
        this.renderRoot.querySelector<HTMLElement>("h3")?.focus();
      }
    } catch {
      if (this.reading === asked) this.gone = true;
    }
  }

  #say(article: Article, solved: boolean): void {
    this.said = solved;
    keepStep({ kind: "feedback", outcome: solved ? "solved" : "unsolved", language: article.language, slug: article.slug });
    if (solved) this.#tell({ type: "solved", by: "article" });
    saySolved(this.options, article, solved).catch(() => undefined); // a count less; nothing depends on it
    if (!solved) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".solved .main")?.focus());
  }

  #person(title: string): void {
    const text = this.#words.say(this.question.trim(), title);
    this.dispatchEvent(new CustomEvent<string>("person", { detail: text }));
  }

  #tell(event: WidgetEvent): void {
    this.dispatchEvent(new CustomEvent<WidgetEvent>("tell", { detail: event }));
  }

  #typed(event: Event): void {
    event.stopPropagation(); // the shop's form has fields of its own
    this.question = (event.currentTarget as HTMLInputElement).value;
    clearTimeout(this.#timer);
    if (this.question.trim().length >= SHORTEST) this.#timer = setTimeout(() => void this.#find(false), PAUSE_MS);
    else if (!this.question.trim()) this.#empty();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Enter") event.stopPropagation(); // never the shop's order
    if (event.key !== "Escape" || !this.question) return;
    event.stopPropagation();
    event.preventDefault();
    this.#clear();
  }

  #submit(event: Event): void {
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(this.#timer);
    if (this.question.trim()) void this.#find(true);
  }

  #clear = (): void => {
    this.question = "";
    this.#empty();
    this.renderRoot.querySelector("input")?.focus();
  };

  #empty(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.searching = false;
    this.found = null;
    this.reading = null;
    if (this.eager && this.about) void this.#find(false);
  }

  async #find(whole: boolean): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.searching = this.question !== "";
    const question = this.question.trim();
    try {
      const asked = { question, about: this.about, language: this.options.language, whole };
      const found = await findAnswers(this.options, asked, asking.signal);
      if (asking.signal.aborted) return;
      this.found = found;
      if (!found.items.some((one) => this.#isRead(one))) this.reading = null;
      if (whole) {
        const outcome = found.state === "answered" ? "answered" : found.state === "not_now" ? "not_now" : "unknown";
        keepStep({ kind: "search", text: question, outcome });
      }
    } catch {
      if (!asking.signal.aborted) this.found = question ? { state: "not_now", items: [] } : null;
    } finally {
      if (this.#asking === asking) this.searching = false;
    }
  }
}

if (!customElements.get("trato-search")) customElements.define("trato-search", TratoSearch);
