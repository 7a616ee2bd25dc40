/** What outlives the page: the browser's storage of the shop's site, or memory where that is forbidden. */

export interface Storage {
  /** Whether other tabs see it too, and later pages. */
  readonly lasting: boolean;
  get<T>(name: string): T | null;
  /** Writes, or removes with null. */
  set(name: string, value: unknown): void;
  /** Calls back when another tab wrote the name, with what was there before; null where the browser does not say. */
  watch<T>(name: string, changed: (before: T | null) => void): () => void;
}

/** Opens the storage of one account, so that two widgets on one site do not mix. */
export function openStorage(account: string, area: globalThis.Storage | null = browserStorage()): Storage {
  const memory = new Map<string, string>();
  const key = (name: string) => `trato:${account}:${name}`;

  return {
    lasting: area !== null,
    get<T>(name: string): T | null {
      return parsed<T>(memory.get(name) ?? read(area, key(name)));
    },
    set(name, value) {
      const text = value === null ? null : JSON.stringify(value);
      if (write(area, key(name), text)) memory.delete(name);
      else if (text === null) memory.delete(name);
      else memory.set(name, text);
    },
    watch<T>(name: string, changed: (before: T | null) => void) {
      const listen = (event: StorageEvent) => {
        if (event.key === key(name)) changed(parsed<T>(event.oldValue));
        else if (event.key === null) changed(null); // all was removed at once
      };
      addEventListener("storage", listen);
      return () => {
        removeEventListener("storage", listen);
      };
    },
  };
}

function browserStorage(): globalThis.Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null; // blocked by the browser's settings
  }
}

function parsed<T>(text: string | null): T | null {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null; // not ours, or cut short: as good as nothing
  }
}

function read(area: globalThis.Storage | null, key: string): string | null {
  try {
    return area?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

function write(area: globalThis.Storage | null, key: string, text: string | null): boolean {
  try {
    if (!area) return false;
    if (text === null) area.removeItem(key);
    else area.setItem(key, text);
    return true;
  } catch {
    return false; // full or forbidden: memory keeps it for this page
  }
}
