/** Keeps drafts at the server too: they follow every device, and go with the conversation to whoever gets it. */
import { together as api, type Transfer } from "../../api/together";
import { live } from "../../live/desk.svelte";
import type { Mode } from "./drafts";
import { isUntold, saveDraft } from "./saving";

const PAUSE_MS = 1_500;
const MODES: readonly Mode[] = ["reply", "note"];

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

/** Follows the drafts of one conversation. */
export function follow(id: string, writer: Writer): Kept {
  /** What the server has or is being told; undefined, which equals no text, where it may have anything. */
  const begun = (mode: Mode): string | undefined => {
    const text = writer.read(mode);
    return text.trim() || isUntold(id, mode) ? undefined : text;
  };
  const saved: Record<Mode, string | undefined> = { reply: begun("reply"), note: begun("note") };
  const timers: Record<Mode, ReturnType<typeof setTimeout> | undefined> = {
    reply: undefined,
    note: undefined,
  };
  /** The texts as they were when the server was asked, but for those that were changed since: these stay. */
  let asked: Partial<Record<Mode, string>> = {};
  let gone = false;

  function keep(mode: Mode): void {
    clearTimeout(timers[mode]);
    const text = writer.read(mode);
    if (text === saved[mode]) return;
    saved[mode] = text;
    saveDraft(id, mode, text);
  }

  async function fetch(): Promise<void> {
    const unchanged = MODES.filter((mode) => !isUntold(id, mode));
    asked = Object.fromEntries(unchanged.map((mode) => [mode, writer.read(mode)]));
    const found = await api.drafts(id).catch(() => undefined);
    if (gone) return;
    for (const mode of MODES) {
      const before = asked[mode];
      if (found && before !== undefined) {
        const text = found.find(({ kind }) => kind === mode)?.text ?? "";
        saved[mode] = text;
        if (text && !before.trim()) writer.put(mode, text);
      }
      keep(mode);
    }
  }

  const deaf = live.hear(({ type, data }) => {
    const transfer =
      type === "transfer.changed" ? (data as { transfer?: Transfer }).transfer : undefined;
    if (transfer?.conversation_id !== id || transfer.state !== "done") return;
    if (transfer.got_by === writer.agentId) void fetch();
    else if (transfer.from_agent_id === writer.agentId) {
      for (const mode of MODES) {
        saved[mode] = isUntold(id, mode) ? undefined : ""; // it went along
        writer.put(mode, "");
      }
    }
  });
  void fetch();

  return {
    changed(mode, text) {
      if (text !== asked[mode]) asked = { ...asked, [mode]: undefined };
      clearTimeout(timers[mode]);
      timers[mode] = setTimeout(
        () => {
          keep(mode);
        },
        text.trim() ? PAUSE_MS : 0,
      );
    },
    stop() {
      gone = true;
      deaf();
      for (const mode of MODES) keep(mode);
    },
  };
}
