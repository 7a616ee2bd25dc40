/** Stays on the page: what swaps the page's body (Turbo, pjax, htmx) takes us out with it, and we come back. */

const MOST = 10;
const WITHIN_MS = 10_000;

export class Stay {
  #back: number[] = [];

  constructor(private readonly element: HTMLElement) {}

  /** Puts it where it belongs, unless it is on the page. */
  now(): void {
    if (!this.element.isConnected) (document.body as HTMLElement | null)?.append(this.element);
  }

  /**
   * Comes back once the page has done what it is doing. A page that takes us out again and again does not want us:
   * then only what is asked of us brings us back.
   */
  soon(at: number): void {
    this.#back = [...this.#back.filter((before) => at - before < WITHIN_MS), at];
    if (this.#back.length <= MOST) setTimeout(() => { this.now(); });
  }
}
