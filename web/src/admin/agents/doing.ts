/** What an agent does now, in the words of the floor: their presence, and what they have in hand. */
import type { Interaction, Presence } from "../../api/shapes";

export type Doing = "available" | "handling" | "wrap_up" | "away" | "offline" | "reconnecting";

export function doing(presence: Presence, interactions: readonly Interaction[]): Doing {
  if (presence.reconnecting) return "reconnecting";
  if (presence.state !== "available") return presence.state;
  const own = interactions.filter((one) => one.agent_id === presence.agent_id);
  if (own.some((one) => one.state === "accepted")) return "handling";
  return own.some((one) => one.state === "wrap_up") ? "wrap_up" : "available";
}
