/** What is seldom wanted: a copy by mail, the preference, the end of the conversation. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import type { Preference } from "../types";
import { formStyles } from "./form.css";
import { base } from "./tokens";

export class TratoMenu extends LitElement {
  static override styles = [
    base,
    formStyles,
    css`
      :host {
        display: grid;
        gap: 24px;
        align-content: start;
      }
      section,
      fieldset,
      form {
        display: grid;
        gap: 10px;
        justify-items: start;
      }
      h3,
      legend {
        font-size: 16px;
        font-weight: 600;
        padding: 0;
      }
      label {
        display: flex;
        gap: 10px;
        align-items: center;
        min-height: 32px;
      }
      label.field {
        display: grid;
        gap: 4px;
        width: 100%;
        font-size: 14px;
        color: var(--ink-2);
      }
      input[type="radio"],
      input[type="checkbox"] {
        width: 18px;
        height: 18px;
        margin: 0;
        accent-color: var(--thread);
      }
      p:not(:empty) {
        margin-block-start: 8px;
      }
    `,
  ];
  static override properties = { chat: { attribute: false }, said: { state: true }, problem: { state: true }, busy: { state: true } };

  declare chat: Chat;
  private declare said: string;
  private declare problem: string;
  private declare busy: boolean;
  #unsubscribe: (() => void) | null = null;

  constructor() {
    super();
    this.said = "";
    this.problem = "";
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.chat.subscribe(() => { this.requestUpdate(); });
    void this.chat.start(); // the preference may have been changed elsewhere meanwhile
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("button")?.focus());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  protected override render() {
    const { strings, state } = this.chat;
    const running = state.conversation !== null && state.conversation.status === "open";
    return html`
      <div>
        <button class="link" type="button" @click=${this.#done}>${strings.back}</button>
        <p role="status">${this.said}</p>
        <p role="alert" class="problem">${this.problem}</p>
      </div>
      ${state.owner
        ? html`<section>
            <h3>${strings.ownerTitle}</h3>
            <button class="button" type="button" ?disabled=${this.busy} @click=${this.#toOwner}>
              ${strings.toOwner(state.owner.name, state.owner.thing)}
            </button>
          </section>`
        : nothing}
      ${state.identified
        ? html`<section>
            <button class="button" type="button" ?disabled=${this.busy} @click=${this.#toCases}>${strings.ownCases}</button>
          </section>`
        : nothing}
      <fieldset>
        <legend>${strings.preference}</legend>
        ${this.#choice("prefers", "alone", strings.alone)} ${this.#choice("prefers", "person", strings.withPerson)}
      </fieldset>
      ${state.channels.length > 1 ? this.#channels() : nothing} ${this.#tones()} ${this.#trail()}
      ${state.conversation && state.transcript ? this.#transcript() : nothing}
      <section>
        <button class="button" type="button" @click=${() => this.dispatchEvent(new Event("report"))}>${strings.report.title}</button>
      </section>
      ${running
        ? html`<section>
            <button class="button" type="button" ?disabled=${this.busy} @click=${this.#end}>${strings.end}</button>
          </section>`
        : nothing}
    `;
  }

  #choice<Name extends keyof Preference>(name: Name, value: Preference[Name], words: string): TemplateResult {
    const { preference } = this.chat.state;
    const choose = () => this.#try(() => this.chat.prefer({ [name]: value }), this.chat.strings.preferenceSaved);
    return html`<label>
      <input type="radio" name=${name} .checked=${preference[name] === value} @change=${choose} />
      ${words}
    </label>`;
  }

  #channels(): TemplateResult {
    const { strings, state } = this.chat;
    return html`<fieldset>
      <legend>${strings.preferChannel}</legend>
      ${this.#choice("channel", null, strings.anyChannel)}
      ${state.channels.map(({ kind, name }) => this.#choice("channel", kind, name))}
    </fieldset>`;
  }

  #tones(): TemplateResult {
    const { preferTone, tones } = this.chat.strings;
    return html`<fieldset>
      <legend>${preferTone}</legend>
      ${this.#choice("tone", null, tones.any)}
      ${(["usted", "tu", "vos"] as const).map((tone) => this.#choice("tone", tone, tones[tone]))}
    </fieldset>`;
  }

  /** What they answered when they were asked, to be taken back or changed. */
  #trail(): TemplateResult | typeof nothing {
    const { strings, trail } = this.chat;
    if (trail.answer === null && !trail.steps.length) return nothing;
    const change = (event: Event) => {
      const shared = (event.currentTarget as HTMLInputElement).checked;
      void this.#try(() => this.chat.shareTrail(shared), shared ? strings.share.shown : strings.share.hidden);
    };
    return html`<fieldset>
      <legend>${strings.share.title}</legend>
      <label><input type="checkbox" .checked=${trail.answer === true} @change=${change} /> ${strings.share.show}</label>
    </fieldset>`;
  }

  #transcript(): TemplateResult {
    const { strings } = this.chat;
    return html`
      <section>
        <h3>${strings.transcript}</h3>
        <form @submit=${this.#send}>
          <label class="field">
            ${strings.email}
            <input type="email" name="email" .value=${this.chat.state.email ?? ""} required autocomplete="email" inputmode="email" maxlength="254" />
          </label>
          <button class="button" type="submit" ?disabled=${this.busy}>${strings.transcriptSend}</button>
        </form>
      </section>
    `;
  }

  #send(event: Event): void {
    event.preventDefault();
    const email = (event.currentTarget as HTMLFormElement).querySelector("input")?.value.trim() ?? "";
    void this.#try(() => this.chat.transcript(email), this.chat.strings.transcriptSent(email));
  }

  #toOwner(): void {
    void this.#try(() => this.chat.toOwner(), this.chat.strings.takenToOwner);
  }

  #toCases(): void {
    const tab = window.open("about:blank"); // now, while the browser knows that somebody asked for it
    void this.#try(async () => {
      const url = await this.chat.ownCases();
      if (!tab) {
        location.assign(url);
        return;
      }
      tab.opener = null;
      tab.location.href = url;
    }, "").then((ok) => {
      if (!ok) tab?.close();
    });
  }

  #end(): void {
    void this.#try(() => this.chat.end(), "").then((ok) => {
      if (ok) this.#done();
    });
  }

  async #try(work: () => Promise<void>, said: string): Promise<boolean> {
    this.busy = true;
    this.said = "";
    this.problem = "";
    try {
      await work();
      this.said = said;
      return true;
    } catch (error) {
      this.problem = this.chat.explain(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #done(): void {
    this.dispatchEvent(new Event("done"));
  }
}

if (!customElements.get("trato-menu")) customElements.define("trato-menu", TratoMenu);
