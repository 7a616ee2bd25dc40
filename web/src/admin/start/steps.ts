/** What an administrator sets up first, and what of it is done; in the order in which it helps. Pure. */
import type { Look } from "../../api/looks";
import type { Account, ChannelKind, Organisation } from "../../api/shapes";
import type guide from "../../i18n/guide/es";

export interface Known {
  organisation: Organisation;
  accounts: readonly Account[];
  kinds: readonly ChannelKind[];
  /** Of the first brand. */
  look: Look | undefined;
  people: number;
  queues: number;
  articles: number;
}

export interface Step {
  name: keyof (typeof guide)["start"]["steps"];
  done: boolean;
  /** Where it is done. */
  path: string;
}

export function stepsOf({ organisation, accounts, kinds, look, people, queues, articles }: Known): Step[] {
  const on = accounts.filter(({ enabled }) => enabled);
  const visited = new Set(kinds.filter(({ capabilities }) => capabilities.visitors).map(({ kind }) => kind));
  const visitors = [...visited][0] ?? "webchat";
  const sites = on.filter(({ kind }) => visited.has(kind));
  const listed = sites.some(({ settings }) => Array.isArray(settings["origins"]) && settings["origins"].length > 0);
  const site = sites[0];
  return [
    { name: "hours", done: Object.values(organisation.hours).some((spans) => spans.length > 0), path: "/admin/organisation" },
    { name: "channel", done: on.length > 0, path: "/admin/channels/new" },
    { name: "works", done: on.length > 0 && on.every(({ state }) => state === "ok"), path: "/admin/channels" },
    { name: "site", done: listed, path: site ? `/admin/channels/${site.id}` : `/admin/channels/new/${visitors}` },
    { name: "look", done: Boolean(look?.accent ?? look?.logo_url), path: "/admin/appearance" },
    { name: "away", done: Boolean(look?.phone || look?.email), path: "/admin/appearance" },
    { name: "system", done: organisation.system_account_id !== null, path: "/admin/organisation" },
    { name: "people", done: people > 1, path: "/admin/users" },
    { name: "queue", done: queues > 0, path: "/admin/queues" },
    { name: "articles", done: articles > 0, path: "/articles" },
  ];
}
