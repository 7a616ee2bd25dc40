/** What the head of the panel says: a greeting before the first word, then who attends or how long it may take. */
import { html, nothing, type TemplateResult } from "lit";
import type { State } from "../chat/state";
import type { Strings } from "../i18n";
import type { Person } from "../types";
import { face } from "./face";
import "./logo";
import { look } from "./look";
import { isAgreed, waitWords } from "./wait";

/** The first words: the open matter if we know it, else the shop's or our own question. */
export function greeting({ greeting: told, online }: State, strings: Strings): string {
  if (!told) return online ? strings.loading : strings.what; // who is unreachable can be written to
  const hello = strings.hello(told.name);
  if (told.case) return `${hello}. ${strings.caseAt(told.case.number)}`;
  return told.name ? `${hello}. ${strings.what}` : (told.text ?? strings.what);
}

/** Who attends, or how long it may take, or what comes next: always true, never a promise. */
export function standing(state: State, strings: Strings, language: string): string {
  const { conversation, pending, wait, people } = state;
  if (conversation?.status === "closed") return pending.length ? "" : strings.ended;
  if (conversation?.agent) {
    const { agent, beside } = conversation;
    if (!beside.length) return strings.attending(agent.name);
    return strings.attendingTogether(new Intl.ListFormat(language).format([agent.name, ...beside]));
  }
  if (!wait) return strings.waiting[people];
  if (isAgreed(wait.callback)) return ""; // what was agreed stands above the place to write
  return waitWords(wait, strings, language);
}

/** Who attends, as they look; else the shop's sign. */
export function sign(agent: Person | null, server: string): TemplateResult | typeof nothing {
  if (agent?.picture) return face(agent, server);
  const { logo } = look();
  return logo ? html`<trato-logo .src=${new URL(logo, server).href}></trato-logo>` : nothing;
}
