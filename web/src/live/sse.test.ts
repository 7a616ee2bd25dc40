import { expect, test } from "vitest";
import { EventReader } from "./sse";

const stream = [
  ": ping\n\n",
  'id: 7\nevent: message.created\ndata: {"id":7}\n\n',
  "event: typing\r\ndata: {\r\ndata: }\r\n\r\n",
  "retry: 10\ndata:no space\n\n",
].join("");

const expected = [
  { id: "7", type: "message.created", data: '{"id":7}' },
  { id: null, type: "typing", data: "{\n}" },
  { id: null, type: "message", data: "no space" },
];

test("comments are dropped, fields are read, several data lines are one text", () => {
  expect(new EventReader().read(stream)).toEqual(expected);
});

test("the text may be cut anywhere", () => {
  for (let size = 1; size <= stream.length; size += 1) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < stream.length; at += size) events.push(...reader.read(stream.slice(at, at + size)));
    expect(events, `cut every ${size.toString()} characters`).toEqual(expected);
  }
});

test("an event without its blank line has not arrived yet", () => {
  const reader = new EventReader();
  expect(reader.read("id: 1\ndata: x\n")).toEqual([]);
  expect(reader.read("\n")).toEqual([{ id: "1", type: "message", data: "x" }]);
});
