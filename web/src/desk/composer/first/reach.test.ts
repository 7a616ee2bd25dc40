import { expect, test } from "vitest";
import type { Account, Contact, Conversation } from "../../../api/shapes";
import { kindOf, reaches } from "./reach";

const account = (id: string, kind: string, more: Partial<Account> = {}): Account =>
  ({
    id,
    kind,
    name: id,
    enabled: true,
    brand_id: "b1",
    capabilities: { starts: kind !== "webchat", address_kind: kind === "webchat" ? "visitor" : kind },
    ...more,
  }) as Account;
const MAIL = account("correo", "email");
const SMS = account("sms", "phone");
const CHAT = account("chat", "webchat");
const OFF = account("otro", "email", { enabled: false });
const ACCOUNTS = [CHAT, OFF, SMS, MAIL];

const pedro = (more: Partial<Contact> = {}): Contact =>
  ({
    id: "p",
    preferred_channel: null,
    addresses: [
      { kind: "email", value: "p@x.example", verified_at: null },
      { kind: "phone", value: "+5491155550000", verified_at: "2026-01-01T00:00:00Z" },
    ],
    ...more,
  }) as Contact;
const said = (contact: Contact, conversations: Partial<Conversation>[] = []): [string, boolean, string][] =>
  reaches({ contact }, { accounts: ACCOUNTS, conversations: conversations as Conversation[] }).map(
    ({ account: { id }, may, why }) => [id, may, why],
  );

test("a proven address comes before one that is only known; each other account says why not", () => {
  expect(said(pedro())).toEqual([
    ["sms", true, "verified"],
    ["correo", true, "known"],
    ["otro", false, "off"],
    ["chat", false, "theyBegin"],
  ]);
});

test("where they are open now they are reached, also where only they begin; what they prefer comes first", () => {
  const open = { contact_id: "p", account_id: "chat", status: "open", spam: false, last_message_at: "2" } as const;
  expect(said(pedro(), [{ ...open, id: "v" }])[0]).toEqual(["chat", true, "open"]);
  expect(said(pedro({ preferred_channel: "phone" }), [{ ...open, id: "v" }])[0]).toEqual(["sms", true, "prefers"]);
});

test("an account they wrote to comes before one they never used; without an address it reaches nobody", () => {
  const closed = { contact_id: "p", account_id: "correo", status: "closed", spam: false, last_message_at: "1" } as const;
  expect(said(pedro(), [closed])[0]).toEqual(["correo", true, "wrote"]);
  expect(said(pedro({ addresses: [] })).slice(0, 1)).toEqual([["otro", false, "off"]]);
  expect(said(pedro({ addresses: [] })).map(([, may]) => may)).not.toContain(true);
});

test.each([
  ["ana@x.example", "email"],
  ["+54 9 11 5555-0000", "phone"],
  ["Ana", undefined],
  ["12", undefined],
])("%s is %s", (typed, kind) => {
  expect(kindOf(typed)).toBe(kind);
});

test("what is typed goes where addresses are of its kind", () => {
  const found = reaches({ typed: " ana@x.example " }, { accounts: ACCOUNTS, conversations: [] });
  expect(found[0]).toMatchObject({ account: { id: "correo" }, may: true, address: "ana@x.example" });
  expect(found.find(({ account: { id } }) => id === "sms")).toMatchObject({ may: false, why: "otherKind" });
});
