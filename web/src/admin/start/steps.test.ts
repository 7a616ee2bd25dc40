/** What is set up is told as it is, and each step leads to where it is done. */
import { expect, test } from "vitest";
import { type Known, stepsOf } from "./steps";

const nothing = {
  organisation: { hours: {}, system_account_id: null },
  accounts: [],
  kinds: [{ kind: "webchat", capabilities: { visitors: true } }],
  look: { accent: null, logo_url: null, phone: "", email: "" },
  people: 1,
  queues: 0,
  articles: 0,
} as unknown as Known;

const open = (known: Known): string[] =>
  stepsOf(known)
    .filter(({ done }) => !done)
    .map(({ name }) => name);

test("at first everything is still to do", () => {
  expect(open(nothing)).toEqual(stepsOf(nothing).map(({ name }) => name));
});

test("a channel that fails, or is off, or has no site, is not done", () => {
  const account = { id: "1", kind: "webchat", enabled: true, state: "failing", settings: { origins: [] } };
  const failing = { ...nothing, accounts: [account] } as unknown as Known;
  expect(open(failing)).not.toContain("channel");
  expect(open(failing)).toEqual(expect.arrayContaining(["works", "site"]));
  const fresh = { ...nothing, accounts: [{ ...account, state: "new" }] } as unknown as Known;
  expect(open(fresh)).toContain("works"); // nobody has tried it yet
  const off = { ...nothing, accounts: [{ ...account, enabled: false }] } as unknown as Known;
  expect(open(off)).toContain("channel");
  const well = { ...account, state: "ok", settings: { origins: ["https://www.example.com"] } };
  expect(open({ ...nothing, accounts: [well] } as unknown as Known)).not.toEqual(expect.arrayContaining(["site"]));
  expect(stepsOf(failing).find(({ name }) => name === "site")?.path).toBe("/admin/channels/1");
});

test("when all is there nothing is left", () => {
  const all = {
    organisation: { hours: { mon: [["09:00", "18:00"]] }, system_account_id: "2" },
    accounts: [{ id: "1", kind: "webchat", enabled: true, state: "ok", settings: { origins: ["https://a.example"] } }],
    kinds: nothing.kinds,
    look: { accent: "#0b6e6e", logo_url: null, phone: "1", email: "" },
    people: 2,
    queues: 1,
    articles: 1,
  } as unknown as Known;
  expect(open(all)).toEqual([]);
});
