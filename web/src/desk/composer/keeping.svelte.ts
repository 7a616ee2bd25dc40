/** Keeps the drafts of a conversation, on this device at once and at the server a moment later. */
import { onMount } from "svelte";
import { me } from "../../access/session.svelte";
import { EMPTY, keepDraft, type Draft, type Mode } from "./drafts";
import type { Kept } from "./kept";

/** Call it while the composer is set up; `drafts` is its state, which what another device wrote comes into. */
export function keepAtServer(name: string, drafts: Record<Mode, Draft>): void {
  let kept = $state.raw<Kept | undefined>();
  $effect(() => {
    for (const one of [$state.snapshot(drafts.reply), $state.snapshot(drafts.note)]) {
      keepDraft(name, one);
      kept?.changed(one.mode, one.text);
    }
  });
  // At the server too, once its part is here: the draft goes with the conversation and to other devices.
  onMount(() => {
    const { agentId } = me;
    if (!agentId) return;
    let left = false;
    const parts = import("./kept").then(({ follow }) => {
      if (left) return;
      kept = follow(name, {
        agentId,
        read: (of) => drafts[of].text,
        put: (of, text) => (drafts[of] = { ...EMPTY, mode: of, text }),
      });
    });
    return () => {
      left = true;
      void parts.then(() => kept?.stop());
    };
  });
}
