/** What the service worker answers itself, and which revisions it keeps. */
import { isDesk } from "../src/places";

/** What the server pushes. */
export interface Pushed {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly language: string;
  readonly place: string;
  readonly unread: number;
}

/** Whether a request is for a file of the desk, its page, or none of the worker's business. */
export function belongs(method: string, mode: string, url: URL, origin: string): "file" | "page" | "other" {
  if (method !== "GET" || url.origin !== origin) return "other";
  if (url.pathname.startsWith("/assets/")) return "file";
  return mode === "navigate" && isDesk(url.pathname) ? "page" : "other";
}

/** Forgets all revisions but the last two: a tab that stays open goes on with the one it began with. */
export async function clean(names: readonly string[]): Promise<void> {
  const ours = names.filter((name) => name.startsWith("desk-"));
  await Promise.all(ours.slice(0, -2).map((name) => caches.delete(name)));
}
