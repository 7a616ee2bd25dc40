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
/** An answer to an answer would never end. */
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

/** Whether a sign is of somebody who has just come, and should hear of us. */
export function answers(known: readonly Looker[], sign: Sign, sinceMs: number): boolean {
  return sign.here && sinceMs > REST_MS && !known.some((one) => one.agentId === sign.agent_id);
}
