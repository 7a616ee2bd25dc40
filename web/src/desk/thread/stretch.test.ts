import { expect, test } from "vitest";
import { message } from "../../testing/entities";
import { ends, isFresh, sorted } from "./stretch";

const at = (hour: number): string => `2026-11-23T${hour.toString().padStart(2, "0")}:00:00Z`;

test("messages come by their instant, those of one instant by their id", () => {
  const all = [
    message({ id: "c", created_at: at(9) }),
    message({ id: "b", created_at: at(8) }),
    message({ id: "a", created_at: at(9) }),
  ];
  expect(sorted(all).map(({ id }) => id)).toEqual(["b", "a", "c"]);
  expect(ends(sorted(all))).toEqual([Date.parse(at(8)), Date.parse(at(9))]);
  expect(ends([])).toBeUndefined();
});

test("what others said later is new, what I or the system said is not", () => {
  const since = Date.parse(at(9));
  expect(isFresh(message({ created_at: at(10) }), since, "a1")).toBe(true);
  expect(isFresh(message({ created_at: at(9) }), since, "a1")).toBe(false);
  expect(isFresh(message({ created_at: at(10), author_id: "a1" }), since, "a1")).toBe(false);
  expect(isFresh(message({ created_at: at(10), author_id: null, author_kind: "system" }), since, "a1")).toBe(
    false,
  );
});
