import { expect, test } from "vitest";
import type { Waiting } from "../../api/together";
import es from "../../i18n/together/es";
import { whyWaiting } from "./why";

const row = (over: Partial<Waiting>): Waiting => ({
  place: 1,
  conversation_id: "c1",
  contact_name: "Pedro",
  subject: "",
  preview: "",
  case_number: null,
  channel: "email",
  since: "2026-03-01T12:00:00Z",
  due: "2026-03-01T12:01:00Z",
  priority: 0,
  queue_id: null,
  queue_name: null,
  needs: [],
  language: null,
  teams: [],
  sites: [],
  waits_for: null,
  offered_to: null,
  why: "all_busy",
  ...over,
});

test("the reason is said with the names it needs", () => {
  const say = (over: Partial<Waiting>): string => whyWaiting(row(over), es.line.reasons, (id) => id);
  expect(say({})).toBe("quienes pueden atender no tienen lugar");
  expect(say({ why: "offered", offered_to: "Ana", waits_for: "Beto" })).toBe("ofrecida a Ana");
  expect(say({ why: "next", waits_for: "Beto" })).toBe("se ofrece ahora; prefiere a Beto");
});
