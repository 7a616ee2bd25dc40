import type es from "./es";

const en: typeof es = {
  lead: "All that is set up, in one file that people read and compare: to keep it, to review it, or to take it to another installation.",
  takeOut: "Download",
  takeOutLead:
    "Brands, channels, queues, hours, rules, texts and the rest, by their names. It holds no passwords and no people: whoever works here is named by their address.",
  takeOutAct: "Download the settings",
  bringIn: "Import",
  bringInLead:
    "First you see what would change. All of it is applied or nothing, and what the file does not mention stays.",
  choose: "Choose a file…",
  remove: "Also remove what the file does not have",
  removeHint: "Only in sections that the file has, and only what its own page can remove.",
  tooLarge: "That file is too large to be one of settings.",
  notText: "That file is no text in UTF-8. Save it as UTF-8 in your editor and choose it again.",
  again: "Look again at what would change",
  apply: (count: number) => (count === 1 ? "Apply 1 change" : `Apply ${count.toString()} changes`),
  would: (made: number, changed: number, removed: number, same: number) =>
    `New: ${String(made)} · Changed: ${String(changed)} · Removed: ${String(removed)} · As they were: ${String(same)}`,
  done: (made: number, changed: number, removed: number) =>
    made + changed + removed === 0
      ? "It was all so already: nothing changed."
      : `Done. New: ${String(made)} · Changed: ${String(changed)} · Removed: ${String(removed)}`,
  inTheWay: (count: number) =>
    count === 1 ? "One entry is in the way:" : `${count.toString()} entries are in the way:`,
  line: (line: number) => `Line ${line.toString()}`,
  changes: "Changes",
  before: "before",
  after: "after",
  acts: { new: "new", changed: "changed", removed: "removed" },
  awaited:
    "Secrets are not in the file. Type them under Channels; until then these accounts are not in use:",
  leftOut: "Left out, since it is not here; an agent is invited first:",
  stay: "Not in the file, and no page removes it:",
  secretOf: (what: string) => `Secret of ${what}`,
  secretOnce: "Shown this once.",
  sections: {
    organisation: "Organisation",
    brands: "Brands",
    looks: "Appearance",
    fields: "Fields",
    card_sources: "Cards",
    accounts: "Channels",
    calendars: "Hours",
    sites: "Sites",
    teams: "Teams",
    skills: "Skills",
    away_reasons: "Reasons to be away",
    channel_weights: "Weight of channels",
    queues: "Queues",
    agents: "Agents",
    tags: "Tags",
    dispositions: "Outcomes",
    macros: "Macros",
    sla_policies: "Service levels",
    rules: "Rules",
    doors: "Owners",
    services: "Services",
    help_centres: "Help centres",
    sections: "Help sections",
    synonyms: "Synonyms",
    webhooks: "Webhooks",
  },
};
export default en;
