/** What I am told, how I want to be told, and what I follow. */
import { get, patch, post, put, remove } from "./client";
import type { components } from "./schema";
import type { Page } from "./shapes";

type Schemas = components["schemas"];

export type Alert = Schemas["NotificationView"];
export type AlertPage = Schemas["NotificationPage"];
export type Kind = Alert["kind"];
export type Wishes = Schemas["WishesView"];
export type Way = Wishes["ways"][string][number];
export type WishesChange = Partial<Omit<Wishes, "zone">>;
export type Device = Schemas["DeviceView"];
export type Followed = Schemas["FollowedView"];
type Unread = Schemas["UnreadView"];

export const alerts = {
  page: (which: "all" | "unread", cursor: string | null, limit = 50) =>
    get<AlertPage>("/notifications", { which, cursor, limit }),
  read: (ids: readonly string[]) => post<Unread>("/notifications/read", { ids }),
  readConversation: (id: string) => post<Unread>("/notifications/read", { conversation_id: id }),
  readAll: (until: string) => post<Unread>("/notifications/read", { everything: true, until }),
  unreadAgain: (id: string) => post<Unread>(`/notifications/${id}/unread`),

  wishes: () => get<Wishes>("/notification-wishes"),
  wish: (change: WishesChange) => patch<Wishes>("/notification-wishes", change),

  pushKey: async () => (await get<Schemas["PushKeyView"]>("/push-key")).public_key,
  devices: async () => (await get<Page<Device>>("/push-devices")).items,
  addDevice: (subscription: PushSubscriptionJSON, name: string) =>
    post<Device>("/push-devices", { endpoint: subscription.endpoint, keys: subscription.keys, name }),
  removeDevice: (id: string) => remove(`/push-devices/${id}`),
  forgetDevice: (endpoint: string) => post("/push-devices/forget", { endpoint }),

  followed: (cursor: string | null) => get<Page<Followed>>("/followed", { cursor }),
  follow: (kind: "conversations" | "cases", id: string) => put(`/${kind}/${id}/follow`, {}),
  unfollow: (kind: "conversations" | "cases", id: string) => remove(`/${kind}/${id}/follow`),
};
