/** Says of a fact who told it, where and when, and how certain that is. */
import type { Fact } from "../../api/shapes";
import type { t } from "../../i18n/index.svelte";
import { fullMoment } from "../../ui/time";
import { channels } from "../channels.svelte";

export function whoSaid(fact: Fact, words: typeof t): string {
  const { facts } = words.desk;
  const where = facts.where[fact.source] ?? facts.by(channels.word(fact.source));
  const when = fullMoment(new Date(fact.said_at), words.language);
  const told = facts.said(facts.saidBy[fact.said_by], where, when);
  if (fact.certainty >= 1) return told;
  const percent = new Intl.NumberFormat(words.language, { style: "percent" }).format(fact.certainty);
  return `${told} · ${facts.certainty(percent)}`;
}
