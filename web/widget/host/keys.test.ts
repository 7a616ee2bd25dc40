import { expect, test } from "vitest";
import { keepKeys } from "./keys";

function pressed(tag: string): string[] {
  const heard: string[] = [];
  const host = document.createElement("div");
  const root = keepKeys(host.attachShadow({ mode: "open" }));
  const inner = document.createElement("div").attachShadow({ mode: "open" });
  root.append(inner.host);
  const field = document.createElement(tag);
  inner.append(field);
  document.body.append(host);
  inner.addEventListener("keydown", () => heard.push("ours"));
  const page = () => heard.push("page");
  document.addEventListener("keydown", page);
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true, composed: true }));
  document.removeEventListener("keydown", page);
  host.remove();
  return heard;
}

test("the page does not hear what is typed in a field, and we do", () => {
  expect(pressed("textarea")).toEqual(["ours"]);
  expect(pressed("input")).toEqual(["ours"]);
});

test("the page hears the keys on what is no field", () => {
  expect(pressed("button")).toEqual(["ours", "page"]);
});
