/** Several tabs of one visitor act as one: one of them streams and sends, all of them know. */

export interface Tabs<T> {
  /** Tells the other tabs. */
  tell(news: T): void;
  /** Runs `work` while no other tab runs work of the same name; waits its turn. */
  alone(name: string, work: () => Promise<void>, stop?: AbortSignal): Promise<void>;
  close(): void;
}

/** Joins the tabs of one account; where a browser has no such means, each tab works for itself. */
export function joinTabs<T>(account: string, heard: (news: T) => void): Tabs<T> {
  const name = `trato:${account}`;
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
  channel?.addEventListener("message", (event: MessageEvent<T>) => {
    heard(event.data);
  });
  const locks = "locks" in navigator ? navigator.locks : null; // only on secure pages
  return {
    tell(news) {
      channel?.postMessage(news);
    },
    async alone(task, work, stop) {
      if (!locks) {
        await work();
        return;
      }
      try {
        await locks.request(`${name}:${task}`, stop ? { signal: stop } : {}, work);
      } catch (error) {
        if (!stop?.aborted) throw error;
      }
    },
    close() {
      channel?.close();
    },
  };
}
