/** What is being written, shared by the tabs of a browser: a field goes on with another tab's, and loses nothing of its own. */
import type { Storage } from "../chat/storage";

const NAME = "draft";

/** What a field shows after another tab changed what is kept; `own` when it was written here since. Pure. */
export function followed(mine: string, own: boolean, before: string, now: string): string {
  if (!own || !mine) return now;
  return mine === before && goesOn(before, now) ? now : mine; // else it was written without having seen this
}

/** Whether a text can come of another by going on with it: most of it is still there, or it was sent or emptied. */
function goesOn(before: string, now: string): boolean {
  if (!now) return true;
  const most = Math.min(before.length, now.length);
  let head = 0;
  while (head < most && before[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return 2 * (head + tail) >= before.length;
}

export class Draft {
  text: string;
  /** Whether it was written here since another tab's was last taken. */
  #own = false;
  #stop: (() => void)[] = [];

  constructor(
    private readonly storage: Storage,
    private readonly changed: () => void,
  ) {
    this.text = this.#kept;
  }

  get #kept(): string {
    return this.storage.get<string>(NAME) ?? "";
  }

  /** Follows the other tabs until `rest`. */
  follow(): void {
    const back = (event: PageTransitionEvent) => {
      if (event.persisted) this.#take(this.text); // of what happened meanwhile nothing was told
    };
    const leave = () => {
      if (this.#own && this.text && !this.#kept) this.storage.set(NAME, this.text); // another tab had taken it off
    };
    addEventListener("pageshow", back);
    addEventListener("pagehide", leave);
    this.#stop = [
      this.storage.watch<string>(NAME, (before) => { this.#take(before ?? ""); }),
      () => { removeEventListener("pageshow", back); },
      () => { removeEventListener("pagehide", leave); },
    ];
    if (!this.#own) this.#take(this.text);
  }

  rest(): void {
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }

  /** Takes what was written here; what another tab keeps and this one did not show is not taken off. */
  write(text: string): void {
    if (text || this.#kept === this.text) this.storage.set(NAME, text || null);
    this.text = text;
    this.#own = true;
    this.changed();
  }

  /** Begins anew with what is kept. */
  again(): void {
    this.#own = false;
    this.text = this.#kept;
    this.changed();
  }

  #take(before: string): void {
    const text = followed(this.text, this.#own, before, this.#kept);
    if (text === this.#kept) this.#own = false;
    if (text === this.text) return;
    this.text = text;
    this.changed();
  }
}
