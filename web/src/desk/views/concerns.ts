/** Which conversations an event may have moved into a view or out of it. Pure. */
import type { Conversation } from "../../api/shapes";
import type { DeskEvent } from "../../live/state";

export interface Touched {
  readonly conversations: readonly string[];
  readonly cases: readonly string[];
}

const some = (...ids: readonly (string | null | undefined)[]): string[] => ids.filter((id): id is string => !!id);

/** The conversations and the cases that an event says something of. */
export function touched({ data }: Pick<DeskEvent, "data">): Touched {
  const tagged = data.tagged as { about?: string; id: string } | undefined;
  const labelled = tagged?.about === "case" ? [] : some(tagged?.id);
  return {
    conversations: some(
      data.conversation?.id,
      data.interaction?.conversation_id,
      data.message?.conversation_id,
      data.sla?.conversation_id,
      ...labelled,
    ),
    cases: some(data.case?.id, data.sla?.case_id, tagged?.about === "case" ? tagged.id : undefined),
  };
}

/** The conversations to ask about after what was touched: those named, and the known ones of the cases. */
export function toAsk(
  { conversations, cases }: Touched,
  known: Readonly<Record<string, Conversation>>,
): string[] {
  const hung = Object.values(known).filter(({ case_id: id }) => id !== null && cases.includes(id));
  return [...new Set([...conversations, ...hung.map(({ id }) => id)])];
}

/** The ids of a view after an answer about some of them. */
export function settled(
  ids: ReadonlySet<string>,
  asked: readonly string[],
  members: readonly string[],
): ReadonlySet<string> {
  const next = new Set(ids);
  for (const id of asked) next.delete(id);
  for (const id of members) next.add(id);
  return next;
}
