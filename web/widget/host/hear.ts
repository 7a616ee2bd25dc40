/** What the page hears of us: each listener on its own, so that a mistake of the page's stops nothing of ours. */

export class Listeners<Event> {
  #all: ((event: Event) => unknown)[] = [];

  add(listener: (event: Event) => unknown): void {
    this.#all.push(listener);
  }

  /** Tells all of them; what one throws is the page's to know, as with an event of the browser. */
  tell(event: Event): void {
    for (const listener of [...this.#all]) {
      try {
        listener(event);
      } catch (error) {
        report(error);
      }
    }
  }
}

function report(error: unknown): void {
  if ("reportError" in globalThis) reportError(error);
  else setTimeout(() => { throw error; });
}
