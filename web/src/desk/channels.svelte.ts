/** What channels are called and look like: asked once from the server, where connectors describe themselves. */
import { get } from "../api/client";
import type { Check } from "../api/admin";
import type { Account, ChannelKind, ChannelStrings, Message, Page } from "../api/shapes";
import { t } from "../i18n/index.svelte";
import { tellAll } from "./sentences";

let kinds = $state.raw<Readonly<Record<string, ChannelKind>>>({});

async function load(): Promise<void> {
  const { items } = await get<Page<ChannelKind>>("/channels");
  kinds = Object.fromEntries(items.map((kind) => [kind.kind, kind]));
}

/** The texts of a connector in the reader's language. */
function strings(kind: string): ChannelStrings {
  const all = kinds[kind]?.strings;
  return all?.[t.language] ?? all?.["en"] ?? {};
}

/** What is wrong with an account, in the reader's language. */
function trouble(account: Account): string {
  return tellAll(account.last_sentences, strings(account.kind), t.admin.channels, account.last_error ?? "");
}

/** What a check of an account found, in the reader's language. */
function remark(kind: string, check: Check): string {
  return tellAll(check.sentence ? [check.sentence] : [], strings(kind), t.admin.channels, check.message);
}

/** Why a message was not sent, in the reader's language; the words of administration are not loaded here. */
function refusal(kind: string, message: Message): string {
  const told = message.payload.error_sentence;
  return tellAll(told ? [told] : [], strings(kind), t.desk.delivery, message.error ?? "");
}

export const channels = {
  load,
  get all(): readonly ChannelKind[] {
    return Object.values(kinds);
  },
  kind: (kind: string): ChannelKind | undefined => kinds[kind],
  strings,
  refusal,
  remark,
  trouble,
  /** The word for a channel. */
  word: (kind: string): string => strings(kind).name ?? kind,
};
