/**
 * The desk's service worker: keeps the page and its files, so that it opens at once and without a network, and shows
 * what the server pushes. It never touches the API, nor the pages of customers under the same address.
 */
import { isDesk } from "../src/places";
import { belongs, clean, type Pushed } from "./rules";

interface Lifetime extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface Asked extends Lifetime {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Lifetime {
  readonly data: { json(): unknown } | null;
}
interface Clicked extends Lifetime {
  readonly notification: Notification & { readonly data: { place?: string } | null };
}
interface Page {
  readonly url: string;
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(said: unknown): void;
}
/** What of a worker is used here: the library for pages does not know it. */
interface Scope {
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Page[]>;
    openWindow(place: string): Promise<unknown>;
  };
  readonly registration: ServiceWorkerRegistration;
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", hear: (event: Lifetime) => void): void;
  addEventListener(kind: "fetch", hear: (event: Asked) => void): void;
  addEventListener(kind: "push", hear: (event: Told) => void): void;
  addEventListener(kind: "notificationclick", hear: (event: Clicked) => void): void;
  addEventListener(kind: "message", hear: (event: MessageEvent) => void): void;
}

declare const __FILES__: readonly string[];
declare const __REVISION__: string;

const worker = self as unknown as Scope;
const CACHE = `desk-${__REVISION__}`;
const PAGE = "/";

/** Takes in what this revision needs; what an earlier one holds already is not fetched again. */
async function takeIn(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.add(new Request(PAGE, { cache: "no-cache" }));
  for (const file of __FILES__) {
    const held = await caches.match(file);
    if (held) await cache.put(file, held);
    else await cache.add(file);
  }
}

/** A file by its name with its content's mark in it: whichever revision holds it. */
async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function page(request: Request): Promise<Response> {
  const held = await (await caches.open(CACHE)).match(PAGE);
  return held ?? fetch(request);
}

async function show(said: Pushed): Promise<void> {
  const badge = navigator as { setAppBadge?: (count: number) => Promise<void> };
  await badge.setAppBadge?.(said.unread).catch(() => undefined);
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  // Before their eyes already: the desk itself tells of it.
  if (pages.some((one) => one.focused && new URL(one.url).pathname === said.place)) return;
  await worker.registration.showNotification(said.title, {
    body: said.body,
    tag: said.tag,
    lang: said.language,
    icon: "/icon-192.png",
    badge: "/icon-192.png",
    data: { place: said.place },
  });
}

async function open(place: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const desk = pages.find((one) => isDesk(new URL(one.url).pathname));
  if (!desk) {
    await worker.clients.openWindow(place);
    return;
  }
  await desk.focus().catch(() => undefined); // a browser may refuse: the place is shown all the same
  desk.postMessage({ go: place });
}

worker.addEventListener("install", (event) => {
  event.waitUntil(takeIn());
});
worker.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([caches.keys().then(clean), worker.clients.claim()]));
});
worker.addEventListener("message", (event) => {
  if (event.data === "take") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const kind = belongs(request.method, request.mode, new URL(request.url), worker.location.origin);
  if (kind === "file") event.respondWith(file(request));
  else if (kind === "page") event.respondWith(page(request));
});
worker.addEventListener("push", (event) => {
  const said = event.data?.json() as Pushed | undefined;
  if (said) event.waitUntil(show(said));
});
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.place ?? "/notifications"));
});
