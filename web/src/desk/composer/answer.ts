/** Puts a text into the answer that is being written, from anywhere beside it. */
type Put = (text: string) => void;

let writing: Put | undefined;

export const answer = {
  /** Called by the composer on the screen; call the result when it goes. */
  written(put: Put): () => void {
    writing = put;
    return () => {
      if (writing === put) writing = undefined;
    };
  },
  put(text: string): void {
    writing?.(text);
  },
};
