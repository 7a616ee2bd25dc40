/** Where the visitor writes: text that is kept, files told their limits before they travel. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import { bring } from "../host/bring";
import { composerStyles } from "./composer.css";
import { canDictate, canPicture } from "./can";
import type { Dictation, DictationState } from "./dictation";
import { Draft } from "./draft";
import { size } from "./format";
import { clip, close, microphone, screen, send } from "./icons";
import { base } from "./tokens";
import { type Upload, Uploads } from "./uploads";

export class TratoComposer extends LitElement {
  static override styles = [base, composerStyles];
  static override properties = {
    chat: { attribute: false },
    language: { attribute: false },
    hearing: { state: true },
  };

  declare chat: Chat;
  declare language: string;
  /** How the dictation stands. */
  private declare hearing: DictationState;
  #draft!: Draft;
  #uploads!: Uploads;
  #dictation: Dictation | null = null;
  #unsubscribe: (() => void) | null = null;
  #left = 0;

  constructor() {
    super();
    this.hearing = "off";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) {
      const changed = () => { this.requestUpdate(); };
      this.#draft = new Draft(this.chat.storage, changed);
      this.#uploads = new Uploads(this.chat, this.language, changed);
      this.#left = this.chat.left;
    }
    if (this.#left !== this.chat.left) this.#begin();
    this.#draft.follow();
    this.#unsubscribe = this.chat.subscribe(() => {
      if (this.#left !== this.chat.left) this.#begin();
      this.#uploads.resume();
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#draft.rest();
    this.rest();
  }

  /** Begins anew for who is here now: what the one who left was writing is not theirs. */
  #begin(): void {
    this.#left = this.chat.left;
    this.#uploads.clear();
    this.rest();
    this.#draft.again();
  }

  /** Hears nobody while it is out of sight. */
  rest(): void {
    this.#dictation?.stop();
  }

  /** Puts words into the empty field, to be read and sent as they are; what is being written stays. */
  suggest(text: string): void {
    if (!this.#draft.text.trim()) this.#draft.write(text);
  }

  override focus(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  /** Takes files from the button, the clipboard or a drop. */
  attach(files: readonly File[]): void {
    this.#uploads.attach(files);
  }

  protected override render() {
    const { strings, state } = this.chat;
    const limit = size(state.limits.max_file_bytes, this.language);
    const { text } = this.#draft;
    const { items, problems, running } = this.#uploads;
    const empty = !text.trim() && !items.length;
    return html`
      <form @submit=${this.#submit}>
        <div class="problems" role="alert" tabindex=${problems.length ? 0 : nothing}>${problems.map((problem) => html`<p class="problem">${problem}</p>`)}</div>
        <p class="hearing" role="status">${this.hearing === "off" ? "" : strings.dictation[this.hearing]}</p>
        ${items.length ? html`<ul class="uploads">${items.map((upload) => this.#chip(upload))}</ul>` : nothing}
        <div class="box">
          <input type="file" multiple hidden accept=${state.limits.extensions.map((name) => `.${name}`).join(",")} @change=${this.#chosen} />
          <button
            class="icon"
            type="button"
            aria-label=${strings.attach}
            title=${state.limits.max_file_bytes ? strings.fileHint(limit) : nothing}
            ?disabled=${state.phase !== "ready"}
            @click=${() => { this.renderRoot.querySelector("input")?.click(); }}
          >${clip}</button>
          ${canPicture()
            ? html`<button
                class="icon"
                type="button"
                aria-label=${strings.shot.open}
                title=${strings.shot.open}
                ?disabled=${state.phase !== "ready"}
                @click=${() => this.dispatchEvent(new Event("shot"))}
              >${screen}</button>`
            : nothing}
          ${canDictate()
            ? html`<button
                class="icon ${this.#hears ? "hears" : ""}"
                type="button"
                aria-label=${strings.dictation.name}
                aria-pressed=${this.#hears ? "true" : "false"}
                title=${strings.dictation.hint}
                @click=${this.#dictate}
              >${microphone}</button>`
            : nothing}
          <textarea
            rows="1"
            dir="auto"
            enterkeyhint="send"
            aria-label=${strings.write}
            placeholder=${strings.write}
            maxlength=${state.limits.max_text}
            .value=${text}
            @input=${this.#typed}
            @keydown=${this.#key}
            @paste=${this.#paste}
          ></textarea>
          <button class="icon send" type="submit" aria-label=${strings.send} ?disabled=${empty || running}>${send}</button>
        </div>
      </form>
    `;
  }

  get #hears(): boolean {
    return this.hearing === "starting" || this.hearing === "listening";
  }

  #dictate = (): void => {
    if (this.#hears) {
      this.#dictation?.stop();
      return;
    }
    this.hearing = "starting";
    void bring(() => import("./dictation")).then(({ Dictation }) => {
      this.#dictation = new Dictation(this.language, {
        heard: (words) => {
          const before = this.#draft.text.trimEnd();
          this.#draft.write(before ? `${before} ${words}` : words);
        },
        changed: (state) => {
          this.hearing = state;
          if (!this.#hears) this.focus();
        },
      });
      this.#dictation.start();
    }, () => { this.hearing = "network"; });
  };

  #chip({ key, file, step }: Upload): TemplateResult {
    const { strings } = this.chat;
    return html`
      <li>
        <span class="name" dir="auto">${file.name}</span>
        ${step === "done" ? nothing : html`<span class="progress" role="status">${step === "travels" ? strings.uploading : strings.uploadWaits}</span>`}
        <button class="icon" type="button" aria-label=${strings.remove(file.name)} @click=${() => { this.#drop(key); }}>${close}</button>
      </li>
    `;
  }

  #drop(key: string): void {
    this.#uploads.remove(key);
    this.focus();
  }

  #chosen(event: Event): void {
    const input = event.currentTarget as HTMLInputElement;
    this.attach([...(input.files ?? [])]);
    input.value = ""; // the same file may be chosen again
    this.focus();
  }

  #paste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  #typed(event: Event): void {
    this.#draft.write((event.currentTarget as HTMLTextAreaElement).value);
    this.chat.typed();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#hears) {
      event.stopPropagation();
      event.preventDefault();
      this.#dictation?.stop();
      return;
    }
    const wantsLine = event.shiftKey || matchMedia("(pointer: coarse)").matches;
    if (event.key !== "Enter" || event.isComposing || wantsLine) return;
    event.preventDefault();
    this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.#draft.text.trim();
    const { attachments, running } = this.#uploads;
    if (running || (!text && !attachments.length)) return;
    this.chat.say(text, attachments);
    this.#uploads.clear();
    this.rest();
    this.#draft.write("");
    this.focus();
    this.dispatchEvent(new Event("sent"));
  }
}

if (!customElements.get("trato-composer")) customElements.define("trato-composer", TratoComposer);
