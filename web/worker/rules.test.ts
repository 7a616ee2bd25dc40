import { expect, test } from "vitest";
import { isDesk } from "../src/places";
import { belongs } from "./rules";

const HERE = "https://desk.example";
const of = (path: string, mode = "navigate", method = "GET", origin = HERE) =>
  belongs(method, mode, new URL(path, origin), HERE);

test("the API, customers' pages and other sites are none of its business", () => {
  for (const path of ["/api/v1/session", "/help/es", "/help/es/cases", "/demo", "/widget.js", "/files/1", "/hooks/x"])
    expect(of(path), path).toBe("other");
  expect(of("/api/v1/live", "cors")).toBe("other");
  expect(of("/c/1", "navigate", "POST")).toBe("other");
  expect(of("/assets/a.js", "cors", "GET", "https://elsewhere.example")).toBe("other");
});

test("the desk's places are its page, and what they need its files", () => {
  for (const path of ["/", "/c/1", "/tasks", "/search", "/admin/channels/7", "/notifications/settings"]) {
    expect(of(path), path).toBe("page");
    expect(isDesk(path)).toBe(true);
  }
  expect(of("/assets/index-abc.js", "cors")).toBe("file");
  expect(of("/tasks", "cors")).toBe("other");
});
