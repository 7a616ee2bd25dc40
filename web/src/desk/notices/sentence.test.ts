import { expect, test } from "vitest";
import type { Notice } from "../../api/waiting";
import words from "../../i18n/notices/es";
import { places, sentence } from "./sentence";

const notice = (change: Partial<Notice>): Notice => ({
  id: "n1",
  code: "stranded",
  about: [{ kind: "conversation", id: "c1", name: "Pedro" }],
  count: 1,
  since: "2026-05-01T10:00:00Z",
  put_away_at: null,
  put_away_by: null,
  ...change,
});

test("one contact is named, several are counted", () => {
  expect(sentence(notice({}), words)).toBe("Pedro espera aunque hay quien puede atender.");
  expect(sentence(notice({ count: 4 }), words)).toBe("Pedro y 3 más esperan aunque hay quien puede atender.");
});

test("somebody without a name is somebody", () => {
  const unnamed = notice({ about: [{ kind: "conversation", id: "c1", name: "" }] });
  expect(sentence(unnamed, words)).toContain("Una persona espera");
  expect(places(unnamed, words)[0]?.label).toBe("Abrir la conversación");
});

test("a skill that nobody has names the queue and the skill, and leads to both", () => {
  const lack = notice({
    code: "nobody_knows",
    about: [
      { kind: "queue", id: "q1", name: "Garantías" },
      { kind: "skill", id: "s1", name: "alquimia" },
    ],
  });
  expect(sentence(lack, words)).toBe("Alguien espera en Garantías y nadie sabe alquimia.");
  expect(places(lack, words).map(({ href }) => href)).toEqual(["/admin/queues", "/admin/agents"]);
});

test("agents lead to one page, and no more than two conversations are linked", () => {
  const agents = ["a1", "a2"].map((id) => ({ kind: "agent" as const, id, name: id }));
  expect(places(notice({ code: "over_capacity", about: agents }), words)).toHaveLength(1);
  const people = ["c1", "c2", "c3"].map((id) => ({ kind: "conversation" as const, id, name: id }));
  expect(places(notice({ about: people, count: 3 }), words).map(({ href }) => href)).toEqual(["/c/c1", "/c/c2"]);
});
