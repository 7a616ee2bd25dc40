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

test("a group's transform goes with its shapes, and the ground stays behind", () => {
  const code = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 50"><g transform="scale(5)">
    <path fill="#fff" d="M0 0h10v10h-10z"/><path transform="translate(1 1)" stroke="#000" d="M0 .5h7"/></g></svg>`;
  expect(drawingOf(code).shapes).toEqual([
    { tag: "path", attributes: { d: "M0 .5h7", transform: "scale(5) translate(1 1)" } },
  ]);
});
