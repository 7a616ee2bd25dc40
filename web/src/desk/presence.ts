/** Our own state: shown at once, and put back when the server does not agree. */
import { desk as api } from "../api/desk";
import type { Presence, SaidState } from "../api/shapes";
import { live } from "../live/desk.svelte";
import { act } from "../ui/act.svelte";

export async function become(
  state: SaidState,
  before: Presence,
  reason: string | null = null,
): Promise<void> {
  live.merge({ presence: { ...before, said: state, state, reason } });
  const done = await act(async () => {
    live.merge({ presence: await api.presence(state, reason) });
  });
  if (!done) live.merge({ presence: before });
}
