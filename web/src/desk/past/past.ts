/** What happened around earlier conversations, for the line: from the pages of a history to what stands on it. Pure. */
import type { Message } from "../../api/shapes";
import type { Along, Aside } from "../asides.svelte";
import { blocks } from "../trail/blocks";

/** A conversation begins before what was said first in it, though both bear one instant. */
const BEFORE_MS = 1;

const byId = <One extends { id: string }>(all: readonly One[]): One[] => [
  ...new Map(all.map((one) => [one.id, one])).values(),
];

function segments(along: readonly Along[]): Aside[] {
  return byId(along.flatMap((page) => page.segments)).flatMap((segment) => {
    const begun: Aside = { key: `begin-${segment.id}`, at: Date.parse(segment.began_at) - BEFORE_MS, segment };
    if (!segment.ended_at) return [begun];
    return [begun, { key: `end-${segment.id}`, at: Date.parse(segment.ended_at), segment, ended: true }];
  });
}

function tried(along: readonly Along[], messages: readonly Message[], openId: string): Aside[] {
  const steps = byId(along.flatMap((page) => page.trail)).filter((step) => step.conversation_id !== openId);
  return [...new Set(steps.map((step) => step.conversation_id))].flatMap((id) =>
    blocks(
      steps.filter((step) => step.conversation_id === id),
      messages
        .filter((one) => one.conversation_id === id && one.direction === "in")
        .map((one) => Date.parse(one.created_at)),
    ),
  );
}

/**
 * What came along with the loaded pages, the latest answer of each thing: where conversations began and ended,
 * and of those that are not open what colleagues did and what the customer tried alone. Of the open one that
 * comes by its own parts, which follow it.
 */
export function pastOf(along: readonly Along[], messages: readonly Message[], openId: string): Aside[] {
  const transfers = byId(along.flatMap((page) => page.transfers));
  const consults = [
    ...new Map(along.flatMap((page) => page.consults).map((one) => [one.consult.id, one])).values(),
  ];
  return [
    ...segments(along),
    ...transfers
      .filter((one) => one.conversation_id !== openId)
      .map((transfer) => ({ key: transfer.id, at: Date.parse(transfer.created_at), transfer })),
    ...consults
      .filter(({ consult }) => consult.conversation_id !== openId)
      .map((consult) => ({ key: consult.consult.id, at: Date.parse(consult.consult.created_at), consult })),
    ...tried(along, messages, openId),
  ];
}
