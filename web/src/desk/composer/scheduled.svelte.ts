/** What is written and waits for its moment, as far as this page knows; the newest version of each counts. */
import type { Scheduled } from "../../api/scheduled";

let known = $state.raw<Readonly<Record<string, Scheduled>>>({});

export const waiting = {
  put(...views: readonly Scheduled[]): void {
    const newer = views.filter(({ id, version }) => version > (known[id]?.version ?? 0));
    if (newer.length) known = { ...known, ...Object.fromEntries(newer.map((view) => [view.id, view])) };
  },
  /** What waits in a conversation, the next first. */
  of: (conversationId: string): readonly Scheduled[] =>
    Object.values(known)
      .filter(
        ({ conversation_id, state }) =>
          conversation_id === conversationId && (state === "waiting" || state === "held"),
      )
      .sort((one, other) => one.due_at.localeCompare(other.due_at)),
  /** The latest that is about to leave and can be undone still. */
  leaving: (conversationId: string): Scheduled | undefined =>
    waiting.of(conversationId).findLast(({ kind }) => kind === "undo"),
  /** The latest that can be undone and written on; what is sent on to others has a window of its own. */
  undoable: (conversationId: string): Scheduled | undefined =>
    waiting.of(conversationId).findLast(({ kind, forwards }) => kind === "undo" && !forwards),
};
