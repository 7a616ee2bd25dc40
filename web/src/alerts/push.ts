/** This device as one that is told while no desk is open: asked of the browser, known to the server. */
import { alerts as api } from "../api/alerts";

type Outcome = "added" | "denied" | "failed";

export const able = (): boolean => "serviceWorker" in navigator && "PushManager" in window;

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
