/** What this browser keeps of its visitor between pages: the session, and how they like to be helped. */
import type { Pending, Prefers } from "../types";
import type { Storage } from "./storage";

/** What is kept between pages; read by the launcher too. */
export interface Kept {
  token: string;
  identified: boolean;
  /** Whether there is a conversation to come back to. */
  alive: boolean;
  /** Whose it is; older pages did not keep that. */
  visitor?: string;
}

/** What is of the visitor alone; the session last, since other tabs look at the rest when they hear that it is gone. */
const OF_VISITOR = ["outbox", "draft", "prefers", "asked", "searched", "trail", "session"];
const OF_TAB = ["trato-trail", "trato-trail-sent"];

/** Forgets all that is kept of a visitor, at once and without the network: who comes next is somebody else. */
export function forgetVisitor(storage: Storage): void {
  for (const name of OF_VISITOR) storage.set(name, null);
  forgetTab(tabStorage());
}

/** Forgets what the visitor did alone in this tab. */
export function forgetTab(tab: globalThis.Storage | null): void {
  try {
    for (const name of OF_TAB) tab?.removeItem(name);
  } catch {
    // forbidden: then nothing was kept
  }
}

export function tabStorage(): globalThis.Storage | null {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}

/** Whether somebody for whom the site had vouched is not here any more, by what was kept before and is kept now. */
export function hasLeft(before: Pick<Kept, "identified" | "visitor"> | null, now: Kept | null): boolean {
  return !now || (before?.identified === true && !(now.identified && (before.visitor ?? now.visitor) === now.visitor));
}

/** Whether something that was written still waits to be sent; what was refused waits for the visitor. */
export function isUnsent(storage: Storage): boolean {
  const pending = storage.get<Pending[]>("outbox");
  return Array.isArray(pending) && pending.some(({ error }) => error === null);
}

export class KeptSession {
  constructor(private readonly storage: Storage) {}

  get found(): Kept | null {
    return this.storage.get<Kept>("session");
  }

  keep(kept: Kept): void {
    if (JSON.stringify(this.found) !== JSON.stringify(kept)) this.storage.set("session", kept);
  }

  /** Keeps whether there is a conversation to come back to. */
  remember(alive: boolean): void {
    const kept = this.found;
    if (kept) this.keep({ ...kept, alive });
  }
}

/** The answer to “alone or with a person”: asked once, and remembered here too. */
export class KeptPreference {
  constructor(private readonly storage: Storage) {}

  get prefers(): Prefers {
    return this.storage.get<Prefers>("prefers") ?? "unknown";
  }

  set prefers(prefers: Prefers) {
    this.storage.set("prefers", prefers === "unknown" ? null : prefers);
  }

  /** Whether it was asked already; it is not asked again, and stands in the menu. */
  get asked(): boolean {
    return this.storage.get<boolean>("asked") === true;
  }

  set asked(asked: boolean) {
    this.storage.set("asked", asked || null);
  }

  /** Returns what this browser knows and the server does not yet; the server's answer is kept here. */
  unknownThere(there: Prefers): Prefers | null {
    if (there !== "unknown") this.prefers = there;
    return there === "unknown" && this.prefers !== "unknown" ? this.prefers : null;
  }
}
