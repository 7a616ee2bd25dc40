import { describe, expect, test } from "vitest";
import type { Contact } from "../api/shapes";
import { customerNumbers, nameOf, readable } from "./people";

const known = (name: string, ...addresses: [kind: string, value: string][]): Contact =>
  ({ name, addresses: addresses.map(([kind, value]) => ({ kind, value })) }) as unknown as Contact;

describe("a person without a name", () => {
  test("is called by an address of theirs, never by a mark of ours", () => {
    const marks: [string, string][] = [
      ["visitor", "0197-a1"],
      ["external", "0197-b2:88120"],
    ];
    expect(nameOf(known(" ", ...marks), "nobody")).toBe("nobody");
    expect(nameOf(known("", ...marks, ["email", "ana@example.com"]), "nobody")).toBe("ana@example.com");
    expect(nameOf(undefined, "nobody")).toBe("nobody");
  });
});

test("a customer number is shown without the account that keeps it", () => {
  const contact = known("Ana", ["external", "0197-b2:AR:88120"], ["email", "ana@example.com"]);
  expect(customerNumbers(contact)).toEqual(["AR:88120"]);
  expect(readable(contact).map(({ value }) => value)).toEqual(["ana@example.com"]);
});
