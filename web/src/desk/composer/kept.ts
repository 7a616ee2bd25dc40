/** Keeps drafts at the server too: they follow every device, and go with the conversation to whoever gets it. */
import { together as api, type Came, type Draft as ServerDraft, type Transfer } from "../../api/together";
import type { Conversation } from "../../api/shapes";
import { t } from "../../i18n/index.svelte";
import { live } from "../../live/desk.svelte";
import type { DeskEvent } from "../../live/state";
import { toasts } from "../../ui/toasts.svelte";
import { agentName } from "../people";
import { changeDraft } from "./change";
import { above, below, EMPTY, said, type Draft, type Mode } from "./drafts";
import { isUntold, lastSaid, saveDraft } from "./saving";
import { followTabs } from "./tabs";
import { setTold, toldOf } from "./told";

const PAUSE_MS = 1_500;
const MODES: readonly Mode[] = ["reply", "note"];

export interface Kept {
  /** Something was written, or went out. */
  changed: (mode: Mode, draft: Draft) => void;
  /** Asks again what the server has. */
  again: () => void;
  stop: () => void;
}

interface Writer {
  agentId: string;
  read: (mode: Mode) => Draft;
  /** Puts a draft in the place of what is there. */
  put: (mode: Mode, draft: Draft) => void;
}

/** A draft as it stood when the server was asked. */
interface Asked {
  here: string;
  /** It was as the server had it. */
  same: boolean;
}

/** What came along and was put below a draft: never twice, also when that was taken out again. */
const taken = new Set<string>();

/** What the server keeps, as a draft. */
const drafted = (mode: Mode, one: Omit<Came, "id"> | undefined): Draft =>
  one
    ? { mode, text: one.text, to: one.to, cc: one.cc, bcc: one.bcc, replyAll: one.reply_all, files: one.files }
    : { ...EMPTY, mode };

/** Follows the drafts of one conversation. */
export function follow(id: string, writer: Writer): Kept {
  const timers: Partial<Record<Mode, ReturnType<typeof setTimeout>>> = {};
  /** Where the server may have anything: it was not asked yet. */
  const unsure = new Set(MODES.filter((mode) => said(writer.read(mode)) && !toldOf(id, mode)));
  let gone = false;

  function keep(mode: Mode): void {
    clearTimeout(timers[mode]);
    const draft = writer.read(mode);
    if (!unsure.has(mode) && !isUntold(id, mode) && said(draft) === lastSaid(id, mode)) return;
    unsure.delete(mode);
    saveDraft(id, mode, draft);
  }

  async function fetch(): Promise<void> {
    const asked = MODES.map((mode): Asked => {
      const here = said(writer.read(mode));
      return { here, same: !isUntold(id, mode) && here === toldOf(id, mode) };
    });
    const untold = MODES.map((mode) => isUntold(id, mode));
    const found = await api.drafts(id).catch(() => undefined);
    if (gone) return;
    for (const [at, mode] of MODES.entries()) {
      const one = found?.find(({ kind }) => kind === mode);
      if (found && !untold[at] && !isUntold(id, mode)) {
        unsure.delete(mode);
        compare(id, mode, writer, one, asked[at]);
      }
      if (one && takeIn(id, mode, writer, one.came)) unsure.delete(mode);
      keep(mode);
    }
  }

  const deaf = live.hear((event) => {
    if (changesHands(event, id, writer.agentId)) void fetch();
  });
  /** What another tab wrote: that one tells the server. */
  const elsewhere: Partial<Record<Mode, string | undefined>> = {};
  const alone = followTabs(id, writer.read, (mode, draft) => {
    elsewhere[mode] = said(draft);
    writer.put(mode, draft);
  });
  void fetch();

  return {
    changed(mode, draft) {
      clearTimeout(timers[mode]);
      if (said(draft) === elsewhere[mode]) return;
      elsewhere[mode] = undefined;
      timers[mode] = setTimeout(
        () => {
          keep(mode);
        },
        said(draft) ? PAUSE_MS : 0,
      );
    },
    again: () => void fetch(),
    stop() {
      gone = true;
      deaf();
      alone();
      for (const mode of MODES) keep(mode);
    },
  };
}

/** What was not changed here since the server knew it becomes what the server has. */
function compare(
  id: string,
  mode: Mode,
  writer: Writer,
  one: ServerDraft | undefined,
  asked: Asked | undefined,
): void {
  const there = drafted(mode, one);
  setTold(id, mode, said(there));
  const now = writer.read(mode);
  if (!asked?.same || said(now) !== asked.here || said(there) === asked.here) return;
  writer.put(mode, there);
  if (said(there)) return;
  const back = (): void => {
    changeDraft(id, mode, (begun) => above(now, begun));
  };
  toasts.say(t.desk.composer.draftGone, { label: t.desk.composer.draftBack, run: back });
}

/** What a colleague had begun goes below what was begun here: none of the two is lost. Answers whether any came. */
function takeIn(id: string, mode: Mode, writer: Writer, came: readonly Came[]): boolean {
  const fresh = came.filter((one) => !taken.has(one.id));
  const last = fresh.at(-1);
  if (!last) return false;
  const ids = fresh.map((one) => one.id);
  for (const one of ids) taken.add(one);
  const before = writer.read(mode);
  const next = fresh.reduce((draft, one) => below(drafted(mode, one), draft), before);
  writer.put(mode, next);
  saveDraft(id, mode, next, ids);
  if (said(before) && said(next) !== said(before))
    toasts.say(t.desk.composer.cameBelow(agentName(live.state.agents, last.from_agent_id, "?")));
  return true;
}

/** Whether an event says that a conversation came to an agent, or went from them: its drafts with it. */
function changesHands({ type, data }: DeskEvent, id: string, agentId: string): boolean {
  const { transfer, conversation } = data as { transfer?: Transfer; conversation?: Conversation };
  if (type === "transfer.changed")
    return transfer?.conversation_id === id && transfer.state === "done" && transfer.got_by === agentId;
  if (type !== "conversation.changed" || conversation?.id !== id) return false;
  const before = live.state.conversations[id]?.assignee_id;
  return conversation.assignee_id !== before && [conversation.assignee_id, before].includes(agentId);
}
