/** What this browser keeps of its visitor between pages: the session, and how they like to be helped. */
import type { Identity, Pending, Prefers } from "../types";
import { nameOf, wrongIn } from "./identity";
import type { Unsent } from "./parting";
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
/** Whom the site named last; also who could not prove it, since what they wrote is not of the next one. */
const NAMED = "named";
const OF_TAB = ["trato-trail", "trato-trail-sent"];

/** Forgets all that is kept of a visitor, at once and without the network: who comes next is somebody else. */
export function forgetVisitor(storage: Storage, next: string | null): void {
  storage.set(NAMED, next);
  for (const name of OF_VISITOR) storage.set(name, null);
  forgetTab(tabStorage());
}

export function namedIn(storage: Storage): string | null {
  return storage.get<string>(NAMED);
}

/**
 * Takes up whom the site names, and forgets at once who was here by its word if that is somebody else, or nobody. Who was
 * not named stays: what they said becomes the next one's. Answers what was not sent yet of who left, to go out as theirs
 * (`before`: their proof, if it was not shown yet), and whether anybody left.
 */
export function takeUp(storage: Storage, identity: unknown, before: Identity | null): { left: boolean; unsent: Unsent | null } {
  const [named, name] = [namedIn(storage), nameOf(identity)];
  const session = storage.get<Kept>("session");
  // older pages did not keep who it was
  const left = named === null ? session?.identified === true : named !== name;
  const unsent = left ? unsentOf(storage, before) : null;
  if (left) forgetVisitor(storage, name);
  else if (named !== name) storage.set(NAMED, name);
  return { left, unsent };
}

/** What waits to be sent, with what says whose it is; null where there is nothing, or nobody to send it as. */
export function unsentOf(storage: Storage, before: Identity | null): Unsent | null {
  const proof = wrongIn(before) === null ? before : null;
  const token = storage.get<Kept>("session")?.token ?? null;
  const pending = waiting(storage);
  return pending.length && (token ?? proof) ? { token, proof, pending } : null;
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
  return waiting(storage).length > 0;
}

function waiting(storage: Storage): Pending[] {
  const pending = storage.get<Pending[]>("outbox");
  return Array.isArray(pending) ? pending.filter(({ error }) => error === null) : [];
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
