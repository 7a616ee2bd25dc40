/**
 * All pages of administration: their icon, who may open them, how they are fetched, and which of their fields are
 * found by name. A new page is one entry here, a title in `i18n/admin` and its help in `i18n/guide`.
 */
import Blocks from "@lucide/svelte/icons/blocks";
import Building2 from "@lucide/svelte/icons/building-2";
import Clock from "@lucide/svelte/icons/clock";
import CopyCheck from "@lucide/svelte/icons/copy-check";
import DoorOpen from "@lucide/svelte/icons/door-open";
import FileCog from "@lucide/svelte/icons/file-cog";
import FileLock from "@lucide/svelte/icons/file-lock";
import Flag from "@lucide/svelte/icons/flag";
import GraduationCap from "@lucide/svelte/icons/graduation-cap";
import IdCard from "@lucide/svelte/icons/id-card";
import KeyRound from "@lucide/svelte/icons/key-round";
import ListChecks from "@lucide/svelte/icons/list-checks";
import ListOrdered from "@lucide/svelte/icons/list-ordered";
import MailWarning from "@lucide/svelte/icons/mail-warning";
import MessageSquareQuote from "@lucide/svelte/icons/message-square-quote";
import Palette from "@lucide/svelte/icons/palette";
import Plug from "@lucide/svelte/icons/plug";
import ScrollText from "@lucide/svelte/icons/scroll-text";
import ShoppingBag from "@lucide/svelte/icons/shopping-bag";
import Tags from "@lucide/svelte/icons/tags";
import TextCursorInput from "@lucide/svelte/icons/text-cursor-input";
import Timer from "@lucide/svelte/icons/timer";
import Users from "@lucide/svelte/icons/users";
import UsersRound from "@lucide/svelte/icons/users-round";
import type { Component } from "svelte";
import type admin from "../i18n/admin/es";
import type { Part } from "../i18n/index.svelte";

export type SectionName = keyof (typeof admin)["sections"];
export type Group = "face" | "work" | "people" | "machine";

export interface Section {
  name: SectionName;
  group: Group;
  icon: Component;
  load: () => Promise<{ default: Component }>;
  /** Its words, where they are not those of administration. */
  words?: Part;
  /** Supervision opens it too. */
  supervised?: boolean;
  /** Its guide in `docs/how-to`. */
  manual?: string;
  /** Paths of its fields' names in the dictionaries. */
  fields: readonly string[];
}

export const SECTIONS: readonly Section[] = [
  { name: "start", group: "face", icon: Flag, load: () => import("./start/StartPage.svelte"), fields: [] },
  {
    name: "channels",
    manual: "web-chat",
    group: "face",
    icon: Plug,
    load: () => import("./channels/ChannelsPage.svelte"),
    fields: ["admin.channels.snippet", "admin.channels.undo", "admin.channels.test", "admin.channels.enabled"],
  },
  {
    name: "appearance",
    manual: "appearance",
    group: "face",
    icon: Palette,
    load: () => import("./appearance/AppearancePage.svelte"),
    words: "appearance",
    fields: [
      "appearance.accent",
      "appearance.logo",
      "appearance.greetings",
      "appearance.labels",
      "appearance.side",
      "appearance.corners",
      "appearance.font",
      "appearance.theme",
      "appearance.phone",
      "appearance.email",
    ],
  },
  {
    name: "organisation",
    manual: "help-centre",
    group: "face",
    icon: Building2,
    load: () => import("./OrganisationPage.svelte"),
    fields: [
      "admin.organisation.hours",
      "admin.organisation.brands",
      "admin.organisation.tone",
      "admin.organisation.signature",
      "admin.organisation.systemAccount",
      "admin.helpCentre.act",
      "admin.helpCentre.host",
      "admin.helpCentre.site",
    ],
  },
  {
    name: "queues",
    manual: "queues",
    group: "work",
    icon: ListOrdered,
    load: () => import("./queues/QueuesPage.svelte"),
    supervised: true,
    fields: [
      "queues.queues.skills",
      "queues.queues.accounts",
      "queues.queues.target",
      "queues.queues.priority",
      "queues.queues.wrapUp",
      "queues.queues.autoAccept",
      "queues.queues.waiting",
      "queues.queues.weights",
      "queues.preview.open",
    ],
  },
  {
    name: "hours",
    manual: "automate",
    group: "work",
    icon: Clock,
    load: () => import("../automation/HoursPage.svelte"),
    words: "automation",
    supervised: true,
    fields: ["automation.hours.exceptions", "automation.hours.holidays"],
  },
  {
    name: "sla",
    manual: "automate",
    group: "work",
    icon: Timer,
    load: () => import("../automation/SlaPage.svelte"),
    words: "automation",
    supervised: true,
    fields: ["automation.sla.first_reply", "automation.sla.next_reply", "automation.sla.resolution"],
  },
  {
    name: "rules",
    manual: "automate",
    group: "work",
    icon: ListChecks,
    load: () => import("../automation/RulesPage.svelte"),
    words: "automation",
    supervised: true,
    fields: ["automation.rules.trial", "automation.rules.runs"],
  },
  {
    name: "macros",
    manual: "automate",
    group: "work",
    icon: MessageSquareQuote,
    load: () => import("../automation/MacrosPage.svelte"),
    words: "automation",
    supervised: true,
    fields: ["automation.macros.places"],
  },
  {
    name: "labels",
    manual: "automate",
    group: "work",
    icon: Tags,
    load: () => import("../automation/LabelsPage.svelte"),
    words: "automation",
    supervised: true,
    fields: ["automation.labels.tags", "automation.labels.dispositions"],
  },
  {
    name: "fields",
    group: "work",
    icon: TextCursorInput,
    load: () => import("../fields/FieldsPage.svelte"),
    words: "beside",
    fields: [],
  },
  {
    name: "cards",
    manual: "cards",
    group: "work",
    icon: IdCard,
    load: () => import("../cards/SourcesPage.svelte"),
    words: "beside",
    fields: ["beside.sources.secret", "beside.sources.sends"],
  },
  {
    name: "sameText",
    manual: "write-to-customers",
    group: "work",
    icon: CopyCheck,
    load: () => import("../desk/composer/same/DaysPage.svelte"),
    words: "composing",
    supervised: true,
    fields: [],
  },
  {
    name: "orders",
    manual: "host-page",
    group: "work",
    icon: ShoppingBag,
    load: () => import("../storefront/OrdersPage.svelte"),
    words: "storefront",
    supervised: true,
    fields: ["storefront.conversion", "storefront.amounts"],
  },
  {
    name: "users",
    group: "people",
    icon: Users,
    load: () => import("./users/UsersPage.svelte"),
    fields: ["admin.users.invite", "admin.users.role", "admin.users.capacity", "admin.users.newLink", "admin.latitude.act"],
  },
  {
    name: "agents",
    group: "people",
    icon: GraduationCap,
    load: () => import("./agents/AgentsPage.svelte"),
    supervised: true,
    fields: ["queues.agents.languages", "queues.agents.limits"],
  },
  {
    name: "teams",
    group: "people",
    icon: UsersRound,
    load: () => import("./teams/TeamsPage.svelte"),
    supervised: true,
    fields: ["queues.teams.sites", "queues.teams.reasons"],
  },
  {
    name: "doors",
    group: "people",
    icon: DoorOpen,
    load: () => import("./DoorsPage.svelte"),
    fields: ["admin.doors.owner"],
  },
  {
    name: "keys",
    manual: "use-the-api",
    group: "machine",
    icon: KeyRound,
    load: () => import("./KeysPage.svelte"),
    fields: ["admin.keys.scopes"],
  },
  {
    name: "webhooks",
    manual: "webhooks",
    group: "machine",
    icon: Blocks,
    load: () => import("./webhooks/WebhooksPage.svelte"),
    fields: ["admin.webhooks.types", "admin.webhooks.deliveries"],
  },
  {
    name: "settings",
    manual: "settings-file",
    group: "machine",
    icon: FileCog,
    load: () => import("../setup/SettingsPage.svelte"),
    words: "setup",
    fields: ["setup.takeOut", "setup.bringIn", "setup.remove"],
  },
  {
    name: "privacy",
    manual: "my-cases",
    group: "machine",
    icon: FileLock,
    load: () => import("../privacy/ErasuresPage.svelte"),
    words: "privacy",
    fields: ["privacy.list"],
  },
  {
    name: "broken",
    group: "machine",
    icon: MailWarning,
    load: () => import("./BrokenPage.svelte"),
    supervised: true,
    fields: ["admin.broken.strays"],
  },
  { name: "audit", group: "machine", icon: ScrollText, load: () => import("./AuditPage.svelte"), fields: [] },
];

export const GROUPS: readonly Group[] = ["face", "work", "people", "machine"];

/** The pages that somebody may open. */
export function allowed(isAdministrator: boolean): readonly Section[] {
  return SECTIONS.filter((section) => isAdministrator || section.supervised);
}
