/** Where the visitor writes: text that is kept, files told their limits before they travel. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import { newId } from "../chat/outbox";
import { bring } from "../host/bring";
import type { Attachment } from "../types";
import { composerStyles } from "./composer.css";
import { size } from "./format";
import { canDictate, canPicture } from "./can";
import type { Dictation, DictationState } from "./dictation";
import { clip, close, microphone, screen, send } from "./icons";
import { base } from "./tokens";

const MAX_FILES = 10;

interface Upload {
  key: string;
  name: string;
  done: Attachment | null;
  abort: AbortController;
}

export class TratoComposer extends LitElement {
  static override styles = [base, composerStyles];
  static override properties = {
    chat: { attribute: false },
    language: { attribute: false },
    text: { state: true },
    uploads: { state: true },
    problems: { state: true },
    hearing: { state: true },
  };

  declare chat: Chat;
  declare language: string;
  private declare text: string;
  private declare uploads: readonly Upload[];
  private declare problems: readonly string[];
  /** How the dictation stands. */
  private declare hearing: DictationState;
  #dictation: Dictation | null = null;
  #unsubscribe: (() => void) | null = null;
  #left = 0;

  constructor() {
    super();
    this.text = "";
    this.uploads = [];
    this.problems = [];
    this.hearing = "off";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.text = this.chat.storage.get<string>("draft") ?? "";
    this.#left = this.chat.left;
    this.#unsubscribe = this.chat.subscribe(() => {
      if (this.#left !== this.chat.left) this.#begin();
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#dictation?.stop();
  }

  /** Begins anew for who is here now: what the one who left was writing is not theirs. */
  #begin(): void {
    this.#left = this.chat.left;
    for (const { abort } of this.uploads) abort.abort();
    this.uploads = [];
    this.problems = [];
    this.#dictation?.stop();
    this.text = this.chat.storage.get<string>("draft") ?? "";
  }

  /** Puts words into the empty field, to be read and sent as they are; what is being written stays. */
  suggest(text: string): void {
    if (!this.text.trim()) this.#write(text);
  }

  override focus(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  /** Takes files from the button, the clipboard or a drop. */
  attach(files: readonly File[]): void {
    this.problems = [];
    for (const file of files.slice(0, MAX_FILES - this.uploads.length)) {
      const problem = this.#wrong(file);
      if (problem) this.problems = [...this.problems, problem];
      else void this.#upload(file);
    }
  }

  protected override render() {
    const { strings, state } = this.chat;
    const limit = size(state.limits.max_file_bytes, this.language);
    const empty = !this.text.trim() && !this.uploads.length;
    return html`
      <form @submit=${this.#submit}>
        ${this.problems.map((problem) => html`<p class="problem" role="alert">${problem}</p>`)}
        <p class="hearing" role="status">${this.hearing === "off" ? "" : strings.dictation[this.hearing]}</p>
        ${this.uploads.length ? html`<ul class="uploads">${this.uploads.map((upload) => this.#chip(upload))}</ul>` : nothing}
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
            .value=${this.text}
            @input=${this.#typed}
            @keydown=${this.#key}
            @paste=${this.#paste}
          ></textarea>
          <button class="icon send" type="submit" aria-label=${strings.send} ?disabled=${empty || this.#uploading}>${send}</button>
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
        heard: (words) => { this.#write(this.text.trim() ? `${this.text.trimEnd()} ${words}` : words); },
        changed: (state) => {
          this.hearing = state;
          if (!this.#hears) this.focus();
        },
      });
      this.#dictation.start();
    }, () => { this.hearing = "network"; });
  };

  get #uploading(): boolean {
    return this.uploads.some(({ done }) => done === null);
  }

  #chip(upload: Upload): TemplateResult {
    const { strings } = this.chat;
    return html`
      <li>
        <span class="name" dir="auto">${upload.name}</span>
        ${upload.done ? nothing : html`<span class="progress" role="status">${strings.uploading}</span>`}
        <button class="icon" type="button" aria-label=${strings.remove(upload.name)} @click=${() => { this.#drop(upload.key); }}>${close}</button>
      </li>
    `;
  }

  #wrong(file: File): string | null {
    const { strings, state } = this.chat;
    const { max_file_bytes: most, extensions } = state.limits;
    if (file.size > most) return strings.tooLarge(file.name, size(most, this.language));
    const extension = file.name.split(".").pop()?.toLowerCase() ?? "";
    const named = file.name.includes(".");
    return named && !extensions.includes(extension) ? strings.wrongType(file.name) : null;
  }

  async #upload(file: File): Promise<void> {
    const upload: Upload = { key: newId(), name: file.name, done: null, abort: new AbortController() };
    this.uploads = [...this.uploads, upload];
    try {
      const done = await this.chat.upload(file, upload.abort.signal);
      this.uploads = this.uploads.map((item) => (item.key === upload.key ? { ...item, done } : item));
    } catch (error) {
      if (upload.abort.signal.aborted) return;
      const { strings } = this.chat;
      const refused = error instanceof Error && "kind" in error && error.kind === "invalid";
      this.problems = [...this.problems, refused ? strings.wrongType(file.name) : strings.uploadFailed(file.name)];
      this.#drop(upload.key);
    }
  }

  #drop(key: string): void {
    this.uploads.find((item) => item.key === key)?.abort.abort();
    this.uploads = this.uploads.filter((item) => item.key !== key);
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
    this.#write((event.currentTarget as HTMLTextAreaElement).value);
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
    const text = this.text.trim();
    const attachments = this.uploads.flatMap(({ done }) => done ?? []);
    if (this.#uploading || (!text && !attachments.length)) return;
    this.chat.say(text, attachments);
    this.uploads = [];
    this.problems = [];
    this.#dictation?.stop();
    this.#write("");
    this.focus();
    this.dispatchEvent(new Event("sent"));
  }

  #write(text: string): void {
    this.text = text;
    this.chat.storage.set("draft", text || null);
  }
}

if (!customElements.get("trato-composer")) customElements.define("trato-composer", TratoComposer);
