import { expect, test } from "vitest";
import { drawingOf } from "./drawing";

test("only shapes and their places are taken", () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" onload="alert(1)">
    <script>alert(2)</script><style>*{}</style><a href="javascript:x"><path d="M1 1" style="x" onclick="y" stroke="red"/></a>
    <circle cx="1" cy="2" r="3"/><foreignObject><b>x</b></foreignObject><use href="#z"/></svg>`;
  expect(drawingOf(svg)).toEqual({
    box: "0 0 24 24",
    shapes: [
      { tag: "path", attributes: { d: "M1 1" } },
      { tag: "circle", attributes: { cx: "1", cy: "2", r: "3" } },
    ],
  });
});

test("a drawing without a box has one by its size", () => {
  expect(drawingOf('<svg xmlns="http://www.w3.org/2000/svg" width="29" height="29"/>').box).toBe("0 0 29 29");
});

test("what is no drawing is an empty one", () => {
  expect(drawingOf("").shapes).toEqual([]);
  expect(drawingOf("<html>").shapes).toEqual([]);
});
