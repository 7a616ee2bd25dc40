/** A picture of the page: taken by the browser when the visitor lets it, looked at before it is sent. */
import { css, html, LitElement, nothing } from "lit";
import type { Chat } from "../chat/chat";
import { formStyles } from "./form.css";
import { base } from "./tokens";

const MOST_PX = 2_000;
const FRAME_WITHIN_MS = 5_000;
const QUALITY = 0.85;

/** The page that is asked for, with what newer browsers are told; older ones ask the visitor which. */
const ASKED = { video: { displaySurface: "browser" }, audio: false, preferCurrentTab: true, selfBrowserSurface: "include" };

export class TratoShot extends LitElement {
  static override styles = [
    base,
    formStyles,
    css`
      canvas {
        display: block;
        width: 100%;
        margin-block: 10px;
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      h3 {
        margin-block-start: 10px;
        font-size: 16px;
        font-weight: 600;
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-block-start: 10px;
      }
    `,
  ];
  static override properties = { chat: { attribute: false }, taken: { state: true }, problem: { state: true }, busy: { state: true } };

  declare chat: Chat;
  /** What the picture shows is hidden from it meanwhile: the panel itself. */
  declare aside: (work: () => Promise<void>) => Promise<void>;
  private declare taken: HTMLCanvasElement | null;
  private declare problem: string;
  private declare busy: boolean;

  constructor() {
    super();
    this.taken = null;
    this.problem = "";
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".main")?.focus());
  }

  protected override render() {
    const { shot, back } = this.chat.strings;
    return html`
      <button class="link" type="button" @click=${this.#done}>${back}</button>
      <h3>${shot.title}</h3>
      <p>${this.taken ? shot.look : shot.lead}</p>
      ${this.taken ?? nothing}
      <p role="alert" class="problem">${this.problem}</p>
      <div class="acts">
        ${this.taken ? html`<button class="button main" type="button" @click=${this.#attach}>${shot.attach}</button>` : nothing}
        <button class="button ${this.taken ? "" : "main"}" type="button" ?disabled=${this.busy} @click=${this.#take}>
          ${this.taken ? shot.again : shot.take}
        </button>
      </div>
    `;
  }

  #take = async (): Promise<void> => {
    this.busy = true;
    this.problem = "";
    let stream: MediaStream | null = null;
    try {
      const given = await navigator.mediaDevices.getDisplayMedia(ASKED as DisplayMediaStreamOptions);
      stream = given;
      await this.aside(async () => {
        const canvas = await frameOf(given);
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", this.chat.strings.shot.title);
        this.taken = canvas;
      });
    } catch (error) {
      const denied = error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);
      this.problem = denied ? this.chat.strings.shot.denied : this.chat.strings.shot.failed;
    } finally {
      for (const track of stream?.getTracks() ?? []) track.stop();
      this.busy = false;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>(".main")?.focus();
    }
  };

  #attach = async (): Promise<void> => {
    const canvas = this.taken;
    if (!canvas) return;
    const limit = this.chat.state.limits.max_file_bytes;
    const as = (type: string) => new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, type, QUALITY); });
    let blob = await as("image/png");
    if (blob && blob.size > limit / 2) blob = await as("image/jpeg");
    if (!blob) return;
    const name = `${this.chat.strings.shot.file}.${blob.type === "image/png" ? "png" : "jpg"}`;
    this.dispatchEvent(new CustomEvent<File>("picture", { detail: new File([blob], name, { type: blob.type }) }));
  };

  #done(): void {
    this.dispatchEvent(new Event("done"));
  }
}

/** Draws one picture of a stream. */
async function frameOf(stream: MediaStream): Promise<HTMLCanvasElement> {
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = stream;
  const shown = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error("no picture came")); }, FRAME_WITHIN_MS);
    video.addEventListener("loadeddata", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  await video.play();
  await shown;
  const scale = Math.min(1, MOST_PX / Math.max(video.videoWidth, video.videoHeight, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  video.srcObject = null;
  return canvas;
}

if (!customElements.get("trato-shot")) customElements.define("trato-shot", TratoShot);
