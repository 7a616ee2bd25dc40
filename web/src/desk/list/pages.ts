/**
 * The tabs when more is open than the desk holds: how many there really are, and how a tab goes on. Pure.
 */
import type { Conversation } from "../../api/shapes";
import { belongs, LIVE_TABS, type LiveTab } from "./order";

export type Counts = Readonly<Record<LiveTab, number>>;

/** How many of the known conversations stand in each live tab. */
export function countsOf(conversations: readonly Conversation[], agentId: string | null): Counts {
  const counts = { mine: 0, team: 0, waiting: 0, trouble: 0 };
  for (const conversation of conversations) {
    for (const tab of LIVE_TABS) if (belongs(conversation, tab, agentId)) counts[tab] += 1;
  }
  return counts;
}

/** The counts to show: the desk's own, or the server's where there is more than the desk holds. */
export function shownCounts(own: Counts, served: Counts | null): Counts {
  if (!served) return own;
  const most = (tab: LiveTab): number => Math.max(own[tab], served[tab]);
  return { mine: most("mine"), team: most("team"), waiting: most("waiting"), trouble: most("trouble") };
}

interface Page {
  readonly items: readonly Conversation[];
  readonly next_cursor: string | null;
}

/** So many pages that bring nothing new are skipped in one go; then it is the reader's turn again. */
const SKIPPED = 40;

/**
 * Asks for pages until one brings what is not known yet, and gives each to `take`; returns where to go on, null
 * at the end. The server's pages begin with what the desk holds already.
 */
export async function nextNew<Answer extends Page>(
  ask: (cursor: string | null) => Promise<Answer>,
  isKnown: (id: string) => boolean,
  take: (page: Answer) => void,
  from: string | null,
): Promise<string | null> {
  let cursor = from;
  for (let skipped = 0; skipped < SKIPPED; skipped += 1) {
    const page = await ask(cursor);
    const fresh = page.items.some(({ id }) => !isKnown(id));
    take(page);
    cursor = page.next_cursor;
    if (fresh || cursor === null) break;
  }
  return cursor;
}
