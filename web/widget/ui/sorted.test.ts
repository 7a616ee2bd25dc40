import { expect, test } from "vitest";
import { MAX_FILES, sorted } from "./sorted";

const limits = { max_file_bytes: 100, max_text: 10, extensions: ["png", "pdf"] };
const file = (name: string, size = 1) => ({ name, size });
const names = (files: readonly { name: string }[]) => files.map(({ name }) => name);

test("of fourteen files four are named as left out, and what is refused takes no room", () => {
  const pictures = Array.from({ length: 14 }, (_, n) => file(`${n}.png`));
  const found = sorted([file("a.exe"), file("b.png", 101), ...pictures], MAX_FILES, limits);
  expect(names(found.wrong)).toEqual(["a.exe"]);
  expect(names(found.large)).toEqual(["b.png"]);
  expect(found.taken).toHaveLength(10);
  expect(names(found.left)).toEqual(["10.png", "11.png", "12.png", "13.png"]);
});

test("endings are read in any case, and a name without one is the server's to judge", () => {
  expect(names(sorted([file("A.PNG"), file("factura")], 10, limits).taken)).toEqual(["A.PNG", "factura"]);
});

test("before it is known what may be sent nothing is refused, as far as there is room", () => {
  const found = sorted([file("a.exe", 1_000), file("b.png"), file("c.png")], 2, null);
  expect(names(found.taken)).toEqual(["a.exe", "b.png"]);
  expect(names(found.left)).toEqual(["c.png"]);
});
