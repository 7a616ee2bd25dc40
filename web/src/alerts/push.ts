/** This device as one that is told while no desk is open: asked of the browser, known to the server. */
import { alerts as api } from "../api/alerts";

type Outcome = "added" | "denied" | "failed";

export const able = (): boolean => "serviceWorker" in navigator && "PushManager" in window;

/** What a person calls such a device; the browser's own words about itself are long and untrue. */
export function deviceName(agent: string): string {
  const browser = /Edg|OPR|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? "";
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera" };
  const system = /Android|iPhone|iPad|Windows|Mac|Linux/.exec(agent)?.[0] ?? "";
  return [names[browser] ?? browser, system].filter(Boolean).join(" · ");
}

/** The subscription of this browser, null without one. */
export async function here(): Promise<PushSubscription | null> {
  if (!able()) return null;
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** Asks the person's leave and tells the server where this device is reached. */
export async function add(name: string): Promise<Outcome> {
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  try {
    const worker = await navigator.serviceWorker.ready;
    const key = await api.pushKey();
    const options = { userVisibleOnly: true, applicationServerKey: key };
    const subscription = await worker.pushManager.subscribe(options);
    await api.addDevice(subscription.toJSON(), name);
    return "added";
  } catch {
    return "failed";
  }
}

/** Ends it on this device, at the server and in the browser. */
export async function leave(): Promise<void> {
  const subscription = await here();
  if (!subscription) return;
  await api.forgetDevice(subscription.endpoint).catch(() => undefined);
  await subscription.unsubscribe();
}
