/** What this page knows of the conversation, and the other tabs of the same visitor with it; says so when it changes. */
import type { WidgetEvent } from "../types";
import type { SentReply } from "./api";
import { type Action, initial, instant, lastAnswer, mayBeOver, reduce, type State, unread } from "./state";
import type { News } from "./stream";
import { joinTabs, type Tabs } from "./tabs";

const TYPING_SHOWN_MS = 6_000;

type Told =
  | { kind: "news"; news: News; position: number | undefined }
  | ({ kind: "sent" } & SentReply)
  | { kind: "do"; action: Action }
  | { kind: "left" };

export interface SharedHooks {
  emit(event: WidgetEvent): void;
  /** There is a conversation by what another tab sent. */
  begun(): void;
  /** How the conversation stands has changed. */
  stands(): void;
  /** What has come is told in full by a new snapshot alone. */
  stale(): void;
  /** Who was here has left in another tab. */
  left(): void;
}

export class Shared {
  state: State = initial;
  readonly alone: Tabs<unknown>["alone"];
  #tabs: Tabs<{ of: string | null; told: Told }>;
  #listeners = new Set<() => void>();
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    account: string,
    private readonly hooks: SharedHooks,
  ) {
    this.#tabs = joinTabs(account, ({ of, told }) => {
      if (of === this.state.visitorId) this.#hear(told); // a tab that lags behind speaks of somebody else
    });
    this.alone = (name, work, stop) => this.#tabs.alone(name, work, stop);
  }

  /** Calls back after every change; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  do(action: Action): void {
    const before = unread(this.state);
    const state = reduce(this.state, action);
    if (state === this.state) return;
    this.state = state;
    const count = unread(state);
    if (count !== before) this.hooks.emit({ type: "unread", count });
    this.changed();
  }

  doEverywhere(action: Action): void {
    this.do(action);
    this.#tell({ kind: "do", action });
  }

  /** Says that what is beside the state changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Takes what the stream says, for all tabs. */
  news(news: News, position: number | undefined): void {
    this.#tell({ kind: "news", news, position });
    this.#take(news, position);
  }

  sent({ message, conversation, people, wait }: SentReply): void {
    const sent = { message, conversation, people, wait };
    this.do({ type: "sent", ...sent });
    this.#tell({ kind: "sent", ...sent });
  }

  /** Forgets who was here; where `everywhere`, the tabs that show the same person do so too. */
  forget(everywhere: boolean): void {
    if (everywhere) this.#tell({ kind: "left" });
    this.do({ type: "forget" });
  }

  #tell(told: Told): void {
    this.#tabs.tell({ of: this.state.visitorId, told });
  }

  #hear(told: Told): void {
    if (told.kind === "news") this.#take(told.news, told.position);
    else if (told.kind === "do") this.do(told.action);
    else if (told.kind === "left") this.hooks.left();
    else {
      const { message, conversation, people, wait } = told;
      this.do({ type: "sent", message, conversation, people, wait });
      this.hooks.begun();
    }
  }

  #take(news: News, position: number | undefined): void {
    const at = position === undefined ? {} : { position };
    if (news.message) {
      const fresh = !news.message.mine && instant(news.message.at) > instant(lastAnswer(this.state)?.at);
      this.do({ type: "message", message: news.message, ...at });
      if (fresh) this.hooks.emit({ type: "message", id: news.message.id });
      if (fresh && mayBeOver(this.state, news.message)) this.hooks.stale();
    } else if (news.conversation) {
      this.do({ type: "standing", standing: news.conversation, ...at });
      this.hooks.stands();
    } else if (news.wait !== undefined) {
      this.do({ type: "said", said: { wait: news.wait } });
    } else if (news.typing) {
      this.do({ type: "typing", name: news.typing.name });
      clearTimeout(this.#typingTimer);
      this.#typingTimer = setTimeout(() => { this.do({ type: "typing", name: null }); }, TYPING_SHOWN_MS);
    } else if (position !== undefined) this.do({ type: "position", position });
  }
}
