/** What the visitor did alone: it stays in this tab until they agree to show it to who helps them. */
import type { Step } from "../types";
import { forgetTab, tabStorage } from "./kept";
import type { Storage } from "./storage";

/** Also written by the help centre's pages. */
const KEPT = "trato-trail";
const AT_ONCE = 60;

/** What the trail asks of the server. */
export interface Ways {
  share(steps: readonly Step[]): Promise<void>;
  unshare(): Promise<void>;
}

export class Trail {
  #sent = new Set<string>();

  constructor(
    private readonly storage: Storage,
    private readonly ways: Ways,
    private readonly tab: globalThis.Storage | null = tabStorage(),
  ) {
    for (const id of this.#list("trato-trail-sent")) this.#sent.add(String(id));
  }

  /** Whether there is something to ask about, and nobody has asked yet. */
  get asks(): boolean {
    return this.answer === null && this.steps.length > 0;
  }

  /** What the visitor answered, on whatever page of this site; null before they were asked. */
  get answer(): boolean | null {
    return this.storage.get<boolean>("trail");
  }

  get steps(): Step[] {
    return this.#list(KEPT).filter((one): one is Step => typeof (one as Partial<Step> | null)?.id === "string");
  }

  /** Keeps the answer, and shares what there is or takes back what was shared. */
  async agree(shared: boolean): Promise<void> {
    const before = this.answer;
    this.storage.set("trail", shared);
    if (shared) await this.tell();
    else if (before) {
      await this.ways.unshare();
      this.#remember(new Set());
    }
  }

  /** Shares what is new, if the visitor agreed; what cannot be sent now is with the next. */
  async tell(): Promise<void> {
    const fresh = this.steps.filter(({ id }) => !this.#sent.has(id)).slice(-AT_ONCE);
    if (this.answer !== true || !fresh.length) return;
    await this.ways.share(fresh);
    this.#remember(new Set([...this.#sent, ...fresh.map(({ id }) => id)]));
  }

  /** Forgets what was done here: the next person at this computer is another one. */
  forget(): void {
    this.#sent = new Set();
    forgetTab(this.tab);
  }

  #remember(sent: Set<string>): void {
    this.#sent = sent;
    try {
      this.tab?.setItem("trato-trail-sent", JSON.stringify([...sent].slice(-2 * AT_ONCE)));
    } catch {
      // full or forbidden: the server knows what it has
    }
  }

  #list(name: string): unknown[] {
    try {
      const found: unknown = JSON.parse(this.tab?.getItem(name) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }
}
