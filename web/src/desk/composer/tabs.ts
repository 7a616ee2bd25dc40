/** The same draft in two tabs of a browser: what is written or sent in one is so in the other. */
import { parseDraft, place, said, type Draft, type Mode } from "./drafts";

const MODES: readonly Mode[] = ["reply", "note"];

/** Puts what another tab has made of a draft, unless something else was written here; call the result to stop. */
export function followTabs(
  name: string,
  read: (mode: Mode) => Draft,
  put: (mode: Mode, draft: Draft) => void,
): () => void {
  const hear = ({ key, oldValue, newValue }: StorageEvent): void => {
    const mode = MODES.find((one) => place(name, one) === key);
    if (!mode) return;
    const before = said(parseDraft(oldValue, mode));
    const next = parseDraft(newValue, mode);
    if (said(read(mode)) === before && said(next) !== before) put(mode, next);
  };
  addEventListener("storage", hear);
  return () => {
    removeEventListener("storage", hear);
  };
}
