/** Changes a draft wherever it is: where it is being written, else as it is kept on this device and at the server. */
import { keepDraft, readDraft, type Draft, type Mode } from "./drafts";

type Change = (draft: Draft) => Draft;
interface Shown {
  change: (mode: Mode, change: Change) => void;
  /** Whether one of its files is on its way. */
  isUploading: () => boolean;
}

let shown: Readonly<Record<string, Shown>> = {};

/** Called by whoever shows the drafts of this name; call the result when they go. */
export function showing(name: string, show: Shown): () => void {
  shown = { ...shown, [name]: show };
  return () => {
    shown = Object.fromEntries(Object.entries(shown).filter(([, other]) => other !== show));
  };
}

/** Whether a file of the drafts of this name is on its way. */
export const isUploading = (name: string): boolean => shown[name]?.isUploading() ?? false;

/** What comes after its composer has gone, such as an answer of the server, is not lost with it. */
export function changeDraft(name: string, mode: Mode, change: Change): void {
  if (changeHere(name, mode, change)) return;
  void import("./saving").then(({ saveDraft }) => {
    saveDraft(name, mode, readDraft(name, mode));
  });
}

/** The same on this device alone, for what the server knows; answers whether it is on the screen. */
export function changeHere(name: string, mode: Mode, change: Change): boolean {
  const here = shown[name];
  if (here) here.change(mode, change);
  else keepDraft(name, change(readDraft(name, mode)));
  return here !== undefined;
}
