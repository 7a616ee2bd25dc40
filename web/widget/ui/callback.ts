/**
 * Agreeing on being written or called: how, where, and when; fetched when it is opened. What was written stands in its
 * fields for as long as the panel keeps it.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Problem } from "../chat/api";
import type { Chat } from "../chat/chat";
import type { How, Slot } from "../types";
import { clock } from "./format";
import { formStyles } from "./form.css";
import { base } from "./tokens";
import { isAgreed } from "./wait";

export class TratoCallback extends LitElement {
  static override styles = [
    base,
    formStyles,
    css`
      form {
        display: grid;
        gap: 18px;
        margin-block-start: 10px;
      }
      fieldset {
        display: grid;
        gap: 6px;
        min-width: 0;
      }
      h3,
      legend {
        font-size: 16px;
        font-weight: 600;
        padding: 0;
      }
      .lead {
        color: var(--ink-2);
        margin-block-start: 4px;
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
        font-size: 14px;
        color: var(--ink-2);
      }
      input[type="radio"] {
        width: 18px;
        height: 18px;
        margin: 0;
        flex: none;
        accent-color: var(--thread);
      }
    `,
  ];
  static override properties = {
    chat: { attribute: false },
    language: { attribute: false },
    how: { state: true },
    timed: { state: true },
    addresses: { state: true },
    slots: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  declare chat: Chat;
  declare language: string;
  private declare how: How;
  private declare timed: boolean;
  /** As they are written here, by how. */
  private declare addresses: Readonly<Partial<Record<How, string>>>;
  private declare slots: Slot[] | null;
  private declare problem: string;
  private declare busy: boolean;
  /** Whether it is done with: the next one begins with what was agreed. */
  agreed = false;
  #slot: string | null = null;

  constructor() {
    super();
    this.how = "email";
    this.timed = false;
    this.addresses = {};
    this.slots = null;
    this.problem = "";
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const agreed = this.chat.state.wait?.callback ?? null;
    if (isAgreed(agreed) && !this.hasUpdated) {
      this.how = agreed.how;
      this.timed = agreed.slot_start !== null;
      this.#slot = agreed.slot_start;
    }
    if (this.timed) void this.#fetch();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("button")?.focus());
  }

  protected override render() {
    const { strings, state } = this.chat;
    const words = strings.callback;
    return html`
      <button class="link" type="button" @click=${this.#done}>${strings.back}</button>
      <form @submit=${this.#agree}>
        <div>
          <h3>${words.title}</h3>
          <p class="lead">${words.lead}</p>
        </div>
        ${state.messages.length + state.pending.length
          ? nothing
          : html`<label class="field">${words.about}<textarea name="words" rows="3" required maxlength="5000"></textarea></label>`}
        <fieldset>
          <legend>${words.how}</legend>
          ${(["email", "phone", "here"] as const).map((how) => this.#radio("how", words[how], this.how === how, () => { this.how = how; }))}
        </fieldset>
        ${this.#address()}
        <fieldset>
          <legend>${words.when}</legend>
          ${this.#radio("when", words.turn, !this.timed, () => { this.timed = false; })}
          ${this.#radio("when", words.time, this.timed, () => { this.timed = true; void this.#fetch(); })}
        </fieldset>
        ${this.timed ? this.#times() : nothing}
        <p role="alert" class="problem">${this.problem}</p>
        <button class="button main" type="submit" ?disabled=${this.busy}>${words.agree}</button>
      </form>
    `;
  }

  #radio(name: string, words: string, checked: boolean, choose: () => void): TemplateResult {
    return html`<label><input type="radio" name=${name} .checked=${checked} @change=${choose} />${words}</label>`;
  }

  #address(): TemplateResult | typeof nothing {
    const { strings, state } = this.chat;
    const agreed = state.wait?.callback;
    const known = agreed?.how === this.how ? agreed.address : null;
    if (this.how === "here") return nothing;
    const email = this.how === "email";
    return html`<label class="field">
      ${email ? strings.email : strings.callback.number}
      <input
        name="address"
        type=${email ? "email" : "tel"}
        inputmode=${email ? "email" : "tel"}
        autocomplete=${email ? "email" : "tel"}
        maxlength="254"
        required
        .value=${this.addresses[this.how] ?? known ?? (email ? (state.email ?? "") : "")}
        @input=${(event: Event) => { this.addresses = { ...this.addresses, [this.how]: (event.currentTarget as HTMLInputElement).value }; }}
      />
    </label>`;
  }

  #times(): TemplateResult {
    const words = this.chat.strings.callback;
    if (this.slots === null) return html`<p role="status">${this.chat.strings.loading}</p>`;
    if (this.slots.length === 0) return html`<p role="status">${words.noSlots}</p>`;
    const chosen = this.#slot === null ? null : Date.parse(this.#slot);
    return html`<label class="field">
      ${words.slots}
      <select name="slot" required @change=${(event: Event) => { this.#slot = (event.currentTarget as HTMLSelectElement).value; }}>
        ${this.slots.map(
          ({ start, end }) =>
            html`<option value=${start} .selected=${Date.parse(start) === chosen}>
              ${shortSlot(start, end, this.language)}
            </option>`,
        )}
      </select>
    </label>`;
  }

  async #fetch(): Promise<void> {
    try {
      this.slots = await this.chat.slots();
    } catch (error) {
      this.problem = this.chat.explain(error);
    }
  }

  #agree(event: Event): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => {
      const value = given.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    const wish = { how: this.how, address: text("address"), slot: this.timed ? text("slot") || null : null };
    void this.#try(() => this.chat.agree(wish, text("words")));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      await work();
      this.agreed = true;
      this.#done();
    } catch (error) {
      const taken = error instanceof Problem && error.status === 409;
      this.problem = taken ? this.chat.strings.callback.taken : this.chat.explain(error);
      if (taken) await this.#fetch();
    } finally {
      this.busy = false;
    }
  }

  #done(): void {
    this.dispatchEvent(new Event("done"));
  }
}

/** A slot in few letters, as a list shows it. */
function shortSlot(start: string, end: string, language: string): string {
  const day = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" });
  return `${day.format(new Date(start))}, ${clock(start, language)} – ${clock(end, language)}`;
}

if (!customElements.get("trato-callback")) customElements.define("trato-callback", TratoCallback);
