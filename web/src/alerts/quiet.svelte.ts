/** Do not disturb, and the wishes that it is one of. */
import { alerts as api, type Wishes, type WishesChange } from "../api/alerts";
import { clock } from "../ui/clock.svelte";
import { stamp } from "./moment";

let wishes = $state.raw<Wishes | null>(null);

export const quiet = {
  get wishes() {
    return wishes;
  },
  /** Until when nobody is to be disturbed; null when it is not so, or no longer. */
  get until(): number | null {
    const until = wishes?.silent_until ? Date.parse(wishes.silent_until) : 0;
    return until > clock.now ? until : null;
  },
  async load(): Promise<void> {
    try {
      wishes = await api.wishes();
    } catch {
      // Asked again with the page that shows them.
    }
  },
  async change(change: WishesChange): Promise<void> {
    wishes = await api.wish(change);
  },
  silence: (until: number | null): Promise<void> => quiet.change({ silent_until: until ? stamp(until) : null }),
};
