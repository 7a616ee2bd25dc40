/** A file of the conversation: images drawn on a canvas, since a strict page forbids foreign images. */
import { css, html, LitElement, nothing } from "lit";
import type { Chat } from "../chat/chat";
import type { Attachment } from "../types";
import { size } from "./format";
import { file as fileIcon } from "./icons";
import { base } from "./tokens";

const PREVIEWED = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const PREVIEW_MAX_BYTES = 5_000_000;
const PREVIEW_PX = 220;

export class TratoFile extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin-block-start: 6px;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        max-width: 100%;
        min-height: 40px;
        padding: 6px 12px 6px 8px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--surface);
        text-align: start;
      }
      button:hover {
        border-color: var(--thread);
      }
      button.picture {
        flex-direction: column;
        align-items: start;
        padding: 6px;
      }
      canvas {
        display: block;
        max-width: 100%;
        border-radius: 6px;
      }
      .name {
        overflow-wrap: anywhere;
        font-size: 14px;
      }
      small {
        white-space: nowrap;
        color: var(--ink-2);
        font-size: 13px;
      }
      .problem {
        color: var(--broken);
        font-size: 13px;
      }
    `,
  ];
  static override properties = { chat: { attribute: false }, file: { attribute: false }, picture: { state: true }, problem: { state: true } };

  declare chat: Chat;
  declare file: Attachment;
  private declare picture: ImageBitmap | null;
  private declare problem: string | null;

  constructor() {
    super();
    this.picture = null;
    this.problem = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (PREVIEWED.has(this.file.content_type) && this.file.size <= PREVIEW_MAX_BYTES) void this.#preview();
  }

  protected override render() {
    const { file, picture } = this;
    const { strings } = this.chat;
    return html`
      <button
        type="button"
        class=${picture ? "picture" : ""}
        aria-label=${`${strings.download(file.filename)}, ${size(file.size, this.lang || "es")}`}
        @click=${this.#download}
      >
        ${picture ? html`<canvas width=${picture.width} height=${picture.height} aria-hidden="true"></canvas>` : fileIcon}
        <span class="name" dir="auto">${file.filename} <small>${size(file.size, this.lang || "es")}</small></span>
      </button>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
    `;
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    if (canvas && this.picture) canvas.getContext("2d")?.drawImage(this.picture, 0, 0);
  }

  async #preview(): Promise<void> {
    try {
      const blob = await this.chat.file(this.file.id);
      const whole = await createImageBitmap(blob);
      const scale = Math.min(1, PREVIEW_PX / Math.max(whole.width, whole.height));
      this.picture = await createImageBitmap(whole, {
        resizeWidth: Math.max(1, Math.round(whole.width * scale)),
        resizeHeight: Math.max(1, Math.round(whole.height * scale)),
        resizeQuality: "high",
      });
      whole.close();
    } catch {
      this.picture = null; // no picture is no harm: the file can still be downloaded
    }
  }

  async #download(): Promise<void> {
    this.problem = null;
    try {
      const url = URL.createObjectURL(await this.chat.file(this.file.id));
      const link = document.createElement("a");
      link.href = url;
      link.download = this.file.filename;
      link.click();
      setTimeout(() => { URL.revokeObjectURL(url); }, 60_000);
    } catch (error) {
      this.problem = this.chat.explain(error);
    }
  }
}

if (!customElements.get("trato-file")) customElements.define("trato-file", TratoFile);
