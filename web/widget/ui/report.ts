/**
 * Reporting that a page does not work: what was expected, a picture of it, where to be told; fetched when opened. What
 * was written stands in its fields for as long as the panel keeps it.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import { formStyles } from "./form.css";
import { base } from "./tokens";

export class TratoReport extends LitElement {
  static override styles = [
    base,
    formStyles,
    css`
      form {
        display: grid;
        gap: 14px;
        margin-block-start: 10px;
      }
      h3 {
        font-size: 16px;
        font-weight: 600;
      }
      .lead {
        color: var(--ink-2);
      }
      label {
        display: grid;
        gap: 4px;
        font-size: 14px;
        color: var(--ink-2);
      }
    `,
  ];
  static override properties = {
    chat: { attribute: false },
    problem: { state: true },
    busy: { state: true },
    sent: { state: true },
  };

  declare chat: Chat;
  private declare problem: string;
  private declare busy: boolean;
  /** Whether it is done with: the next one begins anew. */
  declare sent: boolean;
  #unsubscribe: (() => void) | null = null;

  constructor() {
    super();
    this.problem = "";
    this.busy = false;
    this.sent = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.chat.subscribe(() => { this.requestUpdate(); });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("textarea")?.focus());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  /** Says so much already, where nothing is said yet. */
  async suggest(text: string): Promise<void> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector("textarea");
    if (field && !field.value.trim()) field.value = text;
  }

  protected override render() {
    const words = this.chat.strings.report;
    return html`
      <button class="link" type="button" @click=${this.#done}>${this.chat.strings.back}</button>
      <h3>${words.title}</h3>
      ${this.sent ? html`<p role="status">${words.thanks}</p>` : this.#form()}
    `;
  }

  #form(): TemplateResult {
    const { strings, state } = this.chat;
    const words = strings.report;
    const told = state.conversation !== null;
    return html`
      <p class="lead">${told ? words.leadHere : words.lead}</p>
      <form @submit=${this.#send}>
        <label>${words.expected}<textarea name="expected" rows="4" maxlength="2000" required></textarea></label>
        <label>${words.picture}<input type="file" name="picture" accept="image/png,image/jpeg,image/gif,image/webp" /></label>
        ${told
          ? nothing
          : html`<label>${words.email}<input type="email" name="email" autocomplete="email" maxlength="254" value=${state.email ?? ""} /></label>`}
        <p role="alert" class="problem">${this.problem}</p>
        <button class="button main" type="submit" ?disabled=${this.busy || state.phase !== "ready"}>${words.send}</button>
      </form>
    `;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const picture = form.get("picture");
    this.busy = true;
    this.problem = "";
    try {
      const file = picture instanceof File && picture.size ? picture : null;
      const kept = file && (await this.chat.upload(file, new AbortController().signal));
      await this.chat.report({
        page: location.origin + location.pathname,
        expected: text(form.get("expected")),
        email: text(form.get("email")),
        ...(kept ? { attachment_id: kept.id } : {}),
      });
      this.sent = true;
    } catch (error) {
      this.problem = this.chat.explain(error);
    } finally {
      this.busy = false;
    }
  }

  #done(): void {
    this.dispatchEvent(new Event("done"));
  }
}

const text = (value: FormDataEntryValue | null): string => (typeof value === "string" ? value.trim() : "");

if (!customElements.get("trato-report")) customElements.define("trato-report", TratoReport);
