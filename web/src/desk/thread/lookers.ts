/** Who looks at a conversation, by what each said last. Pure. */

/** As the stream carries it. */
export interface Sign {
  readonly conversation_id: string;
  readonly agent_id: string | null;
  readonly name: string;
  readonly here: boolean;
}

export interface Looker {
  readonly agentId: string | null;
  readonly name: string;
  readonly at: number;
}

/** A desk says it each minute; one that went without a word is forgotten after this. */
const LASTS_MS = 90_000;
/** Who said it just now says it again only so much later: many who come at once are answered together. */
const REST_MS = 3_000;

/** Those who are known after a sign. */
export function hear(known: readonly Looker[], sign: Sign, now: number): Looker[] {
  const others = known.filter((one) => one.agentId !== sign.agent_id);
  return sign.here ? [...others, { agentId: sign.agent_id, name: sign.name, at: now }] : others;
}

/** Those who are there at an instant, by name. */
export function present(known: readonly Looker[], now: number): Looker[] {
  return known.filter((one) => now - one.at < LASTS_MS).sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * How long to wait before a sign is answered, for somebody who has just come and should hear of us; undefined for
 * whoever is known: so an answer to an answer is the last.
 */
export function answerIn(known: readonly Looker[], sign: Sign, sinceMs: number): number | undefined {
  if (!sign.here || known.some((one) => one.agentId === sign.agent_id)) return undefined;
  return Math.max(0, REST_MS - sinceMs);
}
