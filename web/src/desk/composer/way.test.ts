import { describe, expect, test } from "vitest";
import { account, contact, conversation } from "../../testing/entities";
import { isHere, preferredWay } from "./way";

const chat = conversation({ channel: "webchat" });
const mail = account({ id: "acc-mail", kind: "email" });
const other = account({ id: "acc-other", kind: "email", brand_id: "b2" });
const known = { conversations: [chat], accounts: [other, mail] };

describe("the way that a contact prefers", () => {
  test("is a first message to their proven address, from the same brand", () => {
    expect(preferredWay(chat, contact({ preferred_channel: "email" }), known)).toEqual({
      channel: "email",
      accountId: "acc-mail",
      address: "pedro@example.org",
    });
  });

  test("goes on in what is open there about the same matter", () => {
    const open = conversation({ id: "c-mail", channel: "email" });
    const way = preferredWay(chat, contact({ preferred_channel: "email" }), {
      ...known,
      conversations: [chat, conversation({ id: "c-else", channel: "email", case_id: "k2" }), open],
    });
    expect(way).toEqual({ channel: "email", conversationId: "c-mail" });
  });

  test("is none where it does not reach them", () => {
    const prefers = contact({ preferred_channel: "email" });
    const unproven = { ...prefers, addresses: prefers.addresses.map((one) => ({ ...one, verified_at: null })) };
    expect(preferredWay(chat, unproven, known)).toBeUndefined();
    expect(preferredWay(chat, contact({ preferred_channel: null }), known)).toBeUndefined();
    expect(preferredWay(chat, contact({ preferred_channel: "webchat" }), known)).toBeUndefined();
    expect(preferredWay(chat, prefers, { ...known, accounts: [{ ...mail, enabled: false }] })).toBeUndefined();
    expect(preferredWay(chat, undefined, known)).toBeUndefined();
  });
});

test("who wrote just now is here, who wrote long ago or has ended is not", () => {
  const now = Date.parse("2026-11-23T14:00:00Z");
  const at = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  expect(isHere(conversation({ last_inbound_at: at(2) }), now)).toBe(true);
  expect(isHere(conversation({ last_inbound_at: at(20) }), now)).toBe(false);
  expect(isHere(conversation({ last_inbound_at: at(2), status: "closed" }), now)).toBe(false);
  expect(isHere(conversation({ last_inbound_at: null }), now)).toBe(false);
});
