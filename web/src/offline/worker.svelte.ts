/**
 * The page's side of the service worker: registered once the desk stands, a new version noticed and offered. It is
 * taken when the person says so, or while nobody looks and nothing is typed; other tabs go on with what they have.
 */
import { go } from "../router.svelte";
import { isTyping } from "./typing";

const LOOK_MS = 3_600_000;
let waiting = $state.raw<ServiceWorker | null>(null);
let taking = false;

/** Whether something on the page would be lost, or broken into, by a reload. */
const busy = (): boolean => document.visibilityState === "visible" || isTyping(document);

function offer(registration: ServiceWorkerRegistration): void {
  // The first one takes over nobody's page.
  if (registration.waiting && navigator.serviceWorker.controller) waiting = registration.waiting;
}

function watch(registration: ServiceWorkerRegistration): void {
  offer(registration);
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next?.addEventListener("statechange", () => {
      if (next.state === "installed") offer(registration);
    });
  });
}

export const version = {
  /** Whether a newer desk is there. */
  get ready() {
    return waiting !== null;
  },
  /** Shows the newer desk; what was typed is kept by the composer and the server. */
  take(): void {
    taking = true;
    waiting?.postMessage("take");
  },
  /** Notices new versions until the result is called. */
  follow(): () => void {
    if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return () => undefined;
    const stop = new AbortController();
    const { signal } = stop;
    const workers = navigator.serviceWorker;
    // Where workers are not let in, a browser may answer with nothing.
    const registered: Promise<ServiceWorkerRegistration | undefined> = workers.register("/sw.js", { scope: "/", updateViaCache: "none" });
    registered.then((one) => one && watch(one)).catch(() => undefined); // without it the desk works as before
    const look = (): void => void registered.then((one) => one?.update()).catch(() => undefined);
    const seen = (): void => {
      look();
      if (waiting && !busy()) version.take();
    };
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", seen, { signal });
    addEventListener("online", look, { signal });
    workers.addEventListener(
      "controllerchange",
      () => {
        if (taking) location.reload();
      },
      { signal },
    );
    workers.addEventListener(
      "message",
      (event: MessageEvent<{ go?: string }>) => {
        if (event.data.go) go(event.data.go);
      },
      { signal },
    );
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  },
  /** Asks whether there is a newer one, as after a server that was away. */
  look(): void {
    if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
    void navigator.serviceWorker.getRegistration("/").then((one) => one?.update()).catch(() => undefined);
  },
};
