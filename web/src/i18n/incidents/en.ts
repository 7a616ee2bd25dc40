import type { Words } from "./es";

const en: Words = {
  title: "Incidents",
  lead: "What you declare here shows at once in the help centre, the chat and the desk. Once it is solved we tell everybody who asked for it or wrote because of it.",
  strip: "Known problems",
  declare: "Declare an incident",
  plan: "Plan maintenance",
  none: "Everything works",
  noneNext: "When something fails, declare it: it is better told before they ask.",
  past: "What happened before",
  more: "Show more",
  edit: "Change",
  kinds: { incident: "Incident", maintenance: "Maintenance" },
  phases: {
    suspected: "to be confirmed",
    planned: "planned",
    ongoing: "going on",
    resolved: "solved",
    dismissed: "put aside",
  },
  severities: { minor: "minor", major: "major", critical: "critical" },
  severity: "Severity",
  brand: "Brand",
  name: "What fails, in a few words",
  nameMaintenance: "What will be done",
  noticed: "What customers notice",
  noticedHint: "They read it as you write it.",
  otherLanguages: "In other languages",
  inLanguage: (label, language) => `${label} (${language})`,
  affects: "Affects",
  words: "How customers tell of it",
  wordsHint: "One phrase a line. Conversations that say it are linked by themselves.",
  from: "Begins",
  until: "Ends",
  zone: "Time zone",
  endsItself: "Ends at that hour by itself, without anybody confirming it",
  save: "Save",
  say: "Tell what is new",
  sayText: "What is new",
  saySubmit: "Publish",
  said: "The news is published.",
  resolve: "Resolve and tell",
  resolveText: "What was done",
  resolveHint: (people) =>
    people === 0
      ? "Nobody waits to be told yet."
      : people === 1
        ? "1 person who waits to be told reads it, with their case named."
        : `${people.toString()} people who wait to be told read it, each with their case named.`,
  resolved: "Solved. We are telling everybody.",
  reopen: "Open again and tell",
  reopenText: "What fails again",
  reopenHint: (people: number) =>
    people === 0 ? "Nobody was told that it was solved." : people === 1 ? "1 person who was told that it was solved is told that it is not." : `${people.toString()} people who were told that it was solved are told that it is not.`,
  reopened: "Open again. We are telling them.",
  again: "fails again",
  confirm: "Confirm and publish",
  dismiss: "Put aside",
  callOff: "Call the maintenance off",
  dismissAsk: "It is no longer shown. Nobody is told.",
  story: "News",
  noStory: "Nothing new was told yet.",
  touches: "Linked conversations",
  noTouches: "No conversation speaks of this yet.",
  told: "Who is told",
  toldStates: { told: "told", waiting: "to be told", unreachable: "cannot be reached", same: "told" },
  toldCount: (told, left, unreachable) =>
    [
      `${told.toString()} told`,
      left ? `${left.toString()} to be told` : "",
      unreachable ? `${unreachable.toString()} cannot be reached` : "",
    ]
      .filter(Boolean)
      .join(" · "),
  counts: (linked, followers) =>
    `${linked === 1 ? "1 conversation" : `${linked.toString()} conversations`} · ${
      followers === 1 ? "1 person wants to be told" : `${followers.toString()} people want to be told`
    }`,
  since: (when) => `Since ${when}`,
  services: "Services",
  servicesLead: "Products, sites and channels that may fail, as customers call them.",
  noServices: "There are no services yet",
  noServicesNext: "Add those that your customers know: the status page says which are affected.",
  addService: "Add a service",
  serviceName: "Name",
  serviceKind: "Kind",
  serviceKinds: { product: "Product", site: "Site", channel: "Channel" },
  active: "In use",
  inactive: "not in use",
  panel: "Known problem",
  byWords: (words) => `Because it says: ${words}`,
  byHand: "Linked by hand",
  undo: "It is not about this",
  undone: "Unlinked. It is not linked again by itself.",
  tellThem: "Tell them when it works",
  follows: "Wants to be told",
  link: "Link to a known problem",
  linked: "Linked: they are told when it works.",
};

export default en;
