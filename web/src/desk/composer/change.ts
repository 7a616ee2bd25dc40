/** Changes a draft wherever it is: where it is being written, else as it is kept on this device and at the server. */
import { keepDraft, readDraft, type Draft, type Mode } from "./drafts";

type Change = (draft: Draft) => Draft;
type Shown = (mode: Mode, change: Change) => void;

let shown: Readonly<Record<string, Shown>> = {};

/** Called by whoever shows the drafts of this name; call the result when they go. */
export function showing(name: string, show: Shown): () => void {
  shown = { ...shown, [name]: show };
  return () => {
    shown = Object.fromEntries(Object.entries(shown).filter(([, other]) => other !== show));
  };
}

/** What comes after its composer has gone, such as an answer of the server, is not lost with it. */
export function changeDraft(name: string, mode: Mode, change: Change): void {
  const here = shown[name];
  if (here) {
    here(mode, change);
    return;
  }
  const next = change(readDraft(name, mode));
  keepDraft(name, next);
  void import("./saving").then(({ saveDraft }) => {
    saveDraft(name, mode, next.text);
  });
}
