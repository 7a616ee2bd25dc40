/** The one stream of the conversation that is on the screen: one of the tabs has it open. */
import type { Api } from "./api";
import type { Shared } from "./shared";
import { follow, type News } from "./stream";

export interface FollowingHooks {
  /** Something has come to this page, and to its tabs. */
  came(news: News): void;
  /** The network is here. */
  online(): void;
  /** A new snapshot is needed. */
  stale(): void;
}

export class Following {
  #open: { conversation: string; stop: AbortController } | null = null;

  constructor(
    private readonly api: Api,
    private readonly shared: Shared,
    private readonly hooks: FollowingHooks,
  ) {}

  /** Follows the conversation of the state; nothing where there is none. */
  follow(): void {
    const conversation = this.shared.state.conversation?.id;
    if (conversation && this.#open?.conversation === conversation && !this.#open.stop.signal.aborted) return;
    this.stop();
    if (!conversation) return;
    const stop = new AbortController();
    this.#open = { conversation, stop };
    const { shared, hooks } = this;
    const stream = {
      position: () => shared.state.position,
      news: (news: News, position: number | undefined) => {
        shared.news(news, position);
        hooks.came(news);
      },
      reset: () => {
        shared.doEverywhere({ type: "reset" });
        hooks.stale();
      },
      refused: () => {
        stop.abort();
        hooks.stale();
      },
      online: (online: boolean) => {
        if (online !== shared.state.online) shared.doEverywhere({ type: "online", online });
        if (online) hooks.online();
      },
    };
    void shared.alone("stream", () => follow(this.api, stream, stop.signal), stop.signal);
  }

  stop(): void {
    this.#open?.stop.abort();
    this.#open = null;
  }
}
