/** What colleagues did beside the conversation on the screen, for its line; filled once their part is loaded. */
import type { Transfer, WholeConsult } from "../api/together";

export interface Aside {
  readonly key: string;
  readonly at: number;
  readonly transfer?: Transfer;
  readonly consult?: WholeConsult;
}

let shown = $state.raw<readonly Aside[]>([]);

export const asides = {
  get shown() {
    return shown;
  },
  show(next: readonly Aside[]): void {
    shown = next;
  },
};
