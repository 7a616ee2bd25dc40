/** Keeps drafts at the server too: they follow every device, and go with the conversation to whoever gets it. */
import { together as api, type Transfer } from "../../api/together";
import { live } from "../../live/desk.svelte";
import type { Mode } from "./drafts";

const PAUSE_MS = 1_500;

export interface Kept {
  /** Something was written, or went out. */
  changed: (mode: Mode, text: string) => void;
  stop: () => void;
}

interface Writer {
  agentId: string;
  read: (mode: Mode) => string;
  /** Puts a text where nothing is written, or takes away what went to somebody else. */
  put: (mode: Mode, text: string) => void;
}

/** Follows the drafts of one conversation; what cannot be kept now is kept with the next letter. */
export function follow(id: string, writer: Writer): Kept {
  const saved: Record<Mode, string> = { reply: "", note: "" };
  const timers: Record<Mode, ReturnType<typeof setTimeout> | undefined> = {
    reply: undefined,
    note: undefined,
  };
  let gone = false;

  function keep(mode: Mode, text: string): void {
    clearTimeout(timers[mode]);
    timers[mode] = undefined;
    if (text === saved[mode]) return;
    saved[mode] = text;
    api.keepDraft(id, mode, text).catch(() => (saved[mode] = ""));
  }

  async function fetch(): Promise<void> {
    const found = await api.drafts(id).catch(() => []);
    if (gone) return;
    for (const { kind, text } of found) {
      saved[kind] = text;
      if (!writer.read(kind).trim()) writer.put(kind, text);
    }
    for (const mode of ["reply", "note"] as const) keep(mode, writer.read(mode));
  }

  const deaf = live.hear(({ type, data }) => {
    const transfer =
      type === "transfer.changed" ? (data as { transfer?: Transfer }).transfer : undefined;
    if (transfer?.conversation_id !== id || transfer.state !== "done") return;
    if (transfer.got_by === writer.agentId) void fetch();
    else if (transfer.from_agent_id === writer.agentId) {
      for (const mode of ["reply", "note"] as const) {
        saved[mode] = ""; // it went along
        writer.put(mode, "");
      }
    }
  });
  void fetch();

  return {
    changed(mode, text) {
      clearTimeout(timers[mode]);
      timers[mode] = setTimeout(
        () => {
          keep(mode, text);
        },
        text.trim() ? PAUSE_MS : 0,
      );
    },
    stop() {
      gone = true;
      deaf();
      for (const mode of ["reply", "note"] as const) if (timers[mode]) keep(mode, writer.read(mode));
    },
  };
}
