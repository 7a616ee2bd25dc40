/** Says in the reader's language why routing chose an agent. */
import type { Interaction } from "../../api/shapes";
import type desk from "../../i18n/desk/es";

type Words = (typeof desk)["why"];

/** Returns one sentence; the stored English one for a decision that this desk does not know. */
export function why(interaction: Pick<Interaction, "reason" | "decision">, words: Words): string {
  const { code = "", values = {} } = interaction.decision;
  if (!Object.hasOwn(words, code)) return interaction.reason;
  const because = words[code as Exclude<keyof Words, "busy">];
  const parts = [typeof because === "function" ? because(values.free ?? 1) : because];
  if (values.capacity !== undefined) parts.push(words.busy(values.load ?? 0, values.capacity));
  if (values.asked_before) parts.push(words.again);
  return parts.join(", ");
}
