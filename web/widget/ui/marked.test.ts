import { render } from "lit";
import { expect, test } from "vitest";
import { marked } from "./marked";

const shown = (text: string): HTMLElement => {
  const box = document.createElement("div");
  render(marked(text), box);
  return box;
};

test("marks become elements", () => {
  const box = shown("Hola **Ana**:\n\n- uno\n- [dos](https://tienda.example)\n\n> cita");
  expect(box.querySelector("strong")?.textContent).toBe("Ana");
  expect([...box.querySelectorAll("li")].map((item) => item.textContent.trim())).toEqual(["uno", "dos"]);
  expect(box.querySelector("a")?.getAttribute("href")).toBe("https://tienda.example");
  expect(box.querySelector("blockquote")?.textContent.trim()).toBe("cita");
});

test.each([
  "<img src=x onerror=alert(1)>",
  "**<script>alert(1)</script>**",
  "[x](javascript:alert(1))",
  '[a"onmouseover="alert(1)](https://a.example/"onmouseover="alert(1))',
  "`<svg onload=alert(1)>`",
  "- <iframe src=//a.example>",
])("%s stays words", (text) => {
  const box = shown(text);
  expect(box.querySelectorAll("img, script, svg, iframe, [onmouseover], [onerror]")).toHaveLength(0);
  for (const link of box.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^https:/);
});
