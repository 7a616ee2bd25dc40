/** Several tabs of one visitor act as one: one of them streams and sends, all of them know. */

export interface Tabs<T> {
  /** Tells the other tabs. */
  tell(news: T): void;
  /** Runs `work` while no other tab runs work of the same name; waits its turn. */
  alone(name: string, work: () => Promise<void>, stop?: AbortSignal): Promise<void>;
  close(): void;
}

/** Joins the tabs of one account; where a browser has or allows no such means, each tab works for itself. */
export function joinTabs<T>(account: string, heard: (news: T) => void): Tabs<T> {
  const name = `trato:${account}`;
  const channel = openChannel(name);
  channel?.addEventListener("message", (event: MessageEvent<T>) => {
    heard(event.data);
  });
  const locks = "locks" in navigator ? navigator.locks : null; // only on secure pages
  return {
    tell(news) {
      channel?.postMessage(news);
    },
    async alone(task, work, stop) {
      let begun = false;
      const once = () => {
        begun = true;
        return work();
      };
      try {
        await (locks ? locks.request(`${name}:${task}`, stop ? { signal: stop } : {}, once) : once());
      } catch (error) {
        if (stop?.aborted) return;
        if (begun) throw error;
        await work(); // locks are refused where the browser keeps nothing for the site
      }
    },
    close() {
      channel?.close();
    },
  };
}

function openChannel(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null; // there is none, or none for this site
  }
}
