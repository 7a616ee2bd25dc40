import { describe, expect, test } from "vitest";
import type { Article, Translation } from "./api";
import { isDue, monthsFrom, standing, titleOf } from "./standing";

const text = (changes: Partial<Translation>): Translation => ({
  language: "es",
  slug: "uno",
  title: "Uno",
  drafted: false,
  published: 1,
  published_at: null,
  stale: false,
  source_version: 0,
  edited_by: null,
  edited_at: "2026-01-01T00:00:00Z",
  revision: 1,
  ...changes,
});
const article = (review_at: string | null): Article => ({
  id: "1",
  kind: "article",
  section_id: null,
  visibility: "public",
  brand_ids: [],
  source_language: "es",
  owner_id: null,
  owner_name: null,
  review_at,
  position: 0,
  external_id: null,
  version: 1,
  created_at: "",
  changed_at: "",
  translations: [text({}), text({ language: "pt", title: "Um" })],
});

describe("what is to do about a text", () => {
  test.each([
    [{}, "published"],
    [{ drafted: true }, "drafted"],
    [{ drafted: true, published: null }, "unpublished"],
    [{ drafted: true, stale: true }, "stale"],
  ] as const)("%o is %s", (changes, expected) => {
    expect(standing(text(changes))).toBe(expected);
  });
});

test("a title is shown in the reader's language where there is one", () => {
  expect(titleOf(article(null), "pt")).toBe("Um");
  expect(titleOf(article(null), "en")).toBe("Uno");
});

test("an article is due from its day on", () => {
  expect(isDue(article("2026-11-26"), "2026-11-26")).toBe(true);
  expect(isDue(article("2026-11-27"), "2026-11-26")).toBe(false);
  expect(isDue(article(null), "2026-11-26")).toBe(false);
});

test("months from a day are a day that exists", () => {
  expect(monthsFrom(new Date(2026, 7, 31), 6)).toBe("2027-02-28");
});
