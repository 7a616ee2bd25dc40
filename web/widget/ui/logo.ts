/** A picture of the brand or of a person, drawn on a canvas: a strict page forbids foreign images. */
import { css, html, LitElement, nothing } from "lit";

const SIDE_PX = 40;

export class TratoLogo extends LitElement {
  static override styles = css`
    canvas {
      display: block;
      width: auto;
      max-width: 96px;
      height: var(--high, 36px);
      border-radius: var(--corner, calc(var(--round) * 0.43));
    }
  `;
  static override properties = { src: { attribute: false }, picture: { state: true } };

  /** Where it is, as a whole address. */
  declare src: string;
  private declare picture: ImageBitmap | null;
  #asked = "";

  constructor() {
    super();
    this.picture = null;
  }

  protected override willUpdate(): void {
    if (this.src === this.#asked) return;
    this.#asked = this.src;
    void this.#fetch(this.src);
  }

  protected override render() {
    return this.picture ? html`<canvas aria-hidden="true"></canvas>` : nothing;
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    if (!canvas || !this.picture) return;
    const scale = Math.min(1, (3 * SIDE_PX) / this.picture.height);
    canvas.width = Math.max(1, Math.round(this.picture.width * scale));
    canvas.height = Math.max(1, Math.round(this.picture.height * scale));
    canvas.getContext("2d")?.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
  }

  async #fetch(src: string): Promise<void> {
    try {
      const answer = await fetch(src, { credentials: "omit" });
      const picture = answer.ok ? await createImageBitmap(await answer.blob()) : null;
      if (src === this.#asked) this.picture = picture;
    } catch {
      // without it the words stand alone
    }
  }
}

if (!customElements.get("trato-logo")) customElements.define("trato-logo", TratoLogo);
