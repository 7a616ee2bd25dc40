/** What happened beside the conversation on the screen, for its line; filled once its parts are loaded. */
import type { TrailStep } from "../api/trail";
import type { Transfer, WholeConsult } from "../api/together";

export interface Aside {
  readonly key: string;
  readonly at: number;
  readonly transfer?: Transfer;
  readonly consult?: WholeConsult;
  /** What the customer did alone. */
  readonly steps?: readonly TrailStep[];
}

let shown = $state.raw<readonly Aside[]>([]);
let alone = $state.raw<readonly Aside[]>([]);

export const asides = {
  get shown() {
    return alone.length ? [...shown, ...alone] : shown;
  },
  show(next: readonly Aside[]): void {
    shown = next;
  },
  showTrail(next: readonly Aside[]): void {
    alone = next;
  },
};
