/** What happened beside what was said, for the line of the conversation on the screen; filled once its parts are loaded. */
import { untrack } from "svelte";
import type { Segment, Timeline } from "../api/desk";
import type { TrailStep } from "../api/trail";
import type { Transfer, WholeConsult } from "../api/together";

export interface Aside {
  readonly key: string;
  readonly at: number;
  readonly transfer?: Transfer;
  readonly consult?: WholeConsult;
  /** What the customer did alone. */
  readonly steps?: readonly TrailStep[];
  /** A conversation that began here, or with `ended` was over. */
  readonly segment?: Segment;
  readonly ended?: boolean;
}

/** What came along with a page of the history. */
export type Along = Pick<Timeline, "segments" | "transfers" | "consults" | "trail">;

let slots = $state.raw<Readonly<Record<string, readonly Aside[]>>>({});
let along = $state.raw<readonly Along[]>([]);

export const asides = {
  get shown() {
    return Object.values(slots).flat();
  },
  /** Shows what one part found, in place of what it had found before. */
  show(part: string, next: readonly Aside[]): void {
    slots = { ...untrack(() => slots), [part]: next }; // who shows something does not follow what others show
  },
  get along() {
    return along;
  },
  /** Keeps what came with a page; null when another history is shown. */
  keep(page: Along | null): void {
    if (!page) along = [];
    else {
      const { segments, transfers, consults, trail } = page;
      along = [...along, { segments, transfers, consults, trail }];
    }
  },
};
