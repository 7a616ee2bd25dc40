/** Answers in the page itself, where the shop put an element for them: nothing floats, nothing is left. */
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { keepKeys } from "../host/keys";
import type { Opening, Options, WidgetEvent } from "../types";
import { look, put } from "../ui/look";
import { oldColours } from "../ui/old.css";
import { base, tokens } from "../ui/tokens";
import "./box";
import { searchStrings } from "./strings";

/** What the answers need of the widget. */
export interface Host {
  open: (opening?: Opening) => unknown;
  tell: (event: WidgetEvent) => void;
}

export class TratoAnswers extends LitElement {
  static override styles = [
    tokens,
    oldColours,
    base,
    css`
      :host {
        display: block !important;
      }
      section {
        padding: 16px;
        border: 1px solid var(--line);
        border-radius: 12px;
        background: var(--surface);
      }
      h2 {
        margin-block-end: 10px;
        font-size: 17px;
        font-weight: 600;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .person {
        margin-block-start: 10px;
      }
    `,
  ];
  static override properties = {
    options: { attribute: false },
    about: { attribute: false },
    theme: { reflect: true },
  };

  declare options: Options;
  declare host: Host;
  /** The thing that the page shows; the questions are about it. */
  declare about: string;
  declare theme: string | null;

  constructor() {
    super();
    this.about = "";
    this.theme = null;
  }

  override connectedCallback(): void {
    // a copy of the page, as some keep for the way back, has one that nothing was said to
    if (!(this.options as Options | undefined)) {
      this.remove();
      return;
    }
    super.connectedCallback();
    this.dir = "ltr"; // as all of its languages are, whatever the page is
    put(this, look());
    this.#dress();
    this.lang = searchStrings(this.options.language).language;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("options")) this.#dress();
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    return keepKeys(super.createRenderRoot());
  }

  /** What the page's script tag says of light and dark wins over what the brand chose. */
  #dress(): void {
    const { theme } = look();
    this.theme = this.options.theme ?? (theme === "auto" ? null : theme);
  }

  protected override render() {
    const words = searchStrings(this.options.language);
    return html`
      <section aria-labelledby="title">
        <h2 id="title" dir="auto">${words.title(this.about)}</h2>
        <trato-search
          .options=${this.options}
          .about=${this.about}
          .eager=${true}
          @tell=${(event: CustomEvent<WidgetEvent>) => { this.host.tell(event.detail); }}
          @person=${(event: CustomEvent<string>) => { this.host.open(event.detail ? { text: event.detail } : {}); }}
        ></trato-search>
        ${this.about
          ? html`<p class="person"><button class="link" type="button" @click=${() => { this.host.open(); }}>${words.person}</button></p>`
          : nothing}
      </section>
    `;
  }
}

/** Puts answers into an element of the page, once. */
export function putAnswers(place: HTMLElement, options: Options, host: Host, about: string): void {
  if (!customElements.get("trato-answers")) customElements.define("trato-answers", TratoAnswers);
  let answers = place.querySelector<TratoAnswers>(":scope > trato-answers");
  if (!answers) {
    answers = document.createElement("trato-answers") as TratoAnswers;
    answers.options = options;
    answers.host = host;
    place.append(answers);
  }
  answers.about = place.dataset["about"] ?? about;
}
