/** What is known not to work, said before the visitor explains it; and “tell me when it works”. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Problem } from "../chat/api";
import type { Chat } from "../chat/chat";
import type { Incident } from "../types";
import { base } from "./tokens";

export class TratoKnown extends LitElement {
  static override styles = [
    base,
    css`
      section {
        max-height: 30vh;
        overflow: auto;
        padding: 10px 20px;
        border-bottom: 1px solid var(--line);
        background: var(--wait-soft);
        font-size: 15px;
      }
      div + div {
        margin-top: 10px;
      }
      p {
        margin: 0 0 4px;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }
      label {
        flex-basis: 100%;
      }
      input {
        flex: 1 1 150px;
        min-width: 0;
        padding: 6px 10px;
        border: 1px solid var(--edge);
        border-radius: 8px;
        background: var(--paper);
        color: inherit;
        font: inherit;
      }
    `,
  ];
  static override properties = {
    incidents: { attribute: false },
    asking: { state: true },
    said: { state: true },
  };

  declare chat: Chat;
  declare incidents: readonly Incident[];
  /** The incident for which an address is being written. */
  private declare asking: string | null;
  private declare said: Readonly<Record<string, string>>;
  #unsubscribe: (() => void) | null = null;

  constructor() {
    super();
    this.incidents = [];
    this.asking = null;
    this.said = {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // who writes can be told in what they began
    this.#unsubscribe = this.chat.subscribe(() => { this.requestUpdate(); });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  protected override render() {
    const words = this.chat.strings.known;
    return html`<section aria-label=${words.incident}>${this.incidents.map((one) => this.#incident(one))}</section>`;
  }

  #incident(one: Incident): TemplateResult {
    const words = this.chat.strings.known;
    return html`
      <div>
        <p dir="auto"><b>${one.planned ? words.planned : words[one.kind]}: ${one.title}</b> ${one.text}</p>
        ${this.asking === one.id ? this.#form(one) : nothing}
        <p role="status">${one.follows ? words.noted : (this.said[one.id] ?? "")}</p>
        ${one.follows || this.said[one.id] || this.asking === one.id ? nothing : this.#offer(one)}
      </div>
    `;
  }

  /** What cannot be sent by mail is not asked for: who writes is told in their conversation. */
  #offer(one: Incident): TemplateResult {
    const words = this.chat.strings.known;
    if (!one.reachable && !one.by_mail && !this.chat.state.conversation) return html`<p>${words.byWriting}</p>`;
    return html`<button class="link" type="button" @click=${() => this.#tellMe(one)}>
      ${one.kind === "incident" ? words.tellMe : words.tellMeOver}
    </button>`;
  }

  #form(one: Incident): TemplateResult {
    const { known, callback, email } = this.chat.strings;
    return html`
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget as HTMLFormElement).get("email");
          void this.#send(one, typeof given === "string" ? given : "");
        }}
      >
        <label for="email">${known.where}</label>
        <input id="email" name="email" type="email" autocomplete="email" required aria-label=${email}
          .value=${this.chat.state.email ?? ""} />
        <button class="button" type="submit">${callback.agree}</button>
      </form>
    `;
  }

  async #tellMe(one: Incident): Promise<void> {
    if (one.reachable || this.chat.state.conversation) {
      await this.#send(one, "");
      return;
    }
    this.asking = one.id;
    await this.updateComplete;
    this.renderRoot.querySelector("input")?.focus();
  }

  async #send(one: Incident, email: string): Promise<void> {
    try {
      const asks = await this.chat.tellMe(one.id, email);
      this.asking = null;
      if (asks) this.said = { ...this.said, [one.id]: this.chat.strings.known.confirm };
    } catch (error) {
      if (error instanceof Problem && error.kind === "conflict") {
        this.asking = null;
        await this.chat.look(); // it is over, or there is no mail any more: what is shown then says it
        return;
      }
      this.said = { ...this.said, [one.id]: this.chat.explain(error) };
    }
  }
}

if (!customElements.get("trato-known")) customElements.define("trato-known", TratoKnown);
