import { describe, expect, test } from "vitest";
import { type Frame, frameReader } from "./stream";

const TEXT =
  ": ping\nid: 7\n\n" +
  'id: 8\nevent: message.created\ndata: {"a":"señal\u00b7"}\n\n' +
  'event: typing\ndata: {"b":1}\n\n' +
  "data: one\ndata: two\r\n\r\n" +
  "data: unfinished";

const FRAMES: Frame[] = [
  { id: "7", event: "message", data: "" },
  { id: "8", event: "message.created", data: '{"a":"señal\u00b7"}' },
  { id: null, event: "typing", data: '{"b":1}' },
  { id: null, event: "message", data: "one\ntwo" },
];

describe("server-sent events", () => {
  test.each([1, 2, 3, 7, 50, 1_000])("are the same in pieces of %i characters", (length) => {
    const frames: Frame[] = [];
    const read = frameReader((frame) => frames.push(frame));
    for (let at = 0; at < TEXT.length; at += length) read(TEXT.slice(at, at + length));
    expect(frames).toEqual(FRAMES);
  });
});
