import { expect, test } from "vitest";
import { message } from "../../testing/entities";
import { callOf, clockLength } from "./calls";

const file = {
  id: "f",
  filename: "llamada.ogg",
  content_type: "audio/ogg",
  size: 9,
  inline: false,
  content_id: null,
};

test("a call is read from its legs, its recording and its transcript", () => {
  const call = callOf([
    message({
      id: "1",
      kind: "leg",
      text: "",
      author_kind: "agent",
      author_name: "Sofía",
      payload: { duration_s: 250.4 },
    }),
    message({ id: "2", kind: "prompt", text: "Bienvenido" }),
    message({ id: "3", kind: "keys", text: "0" }),
    message({ id: "4", kind: "recording", text: "", attachments: [file], payload: { duration_s: 240 } }),
    message({
      id: "5",
      kind: "transcript",
      text: "",
      payload: { turns: [{ who: "contact", text: "Hola", at_s: 1.5 }, { who: "Sofía", text: "Buenas" }, "junk"] },
    }),
  ]);
  expect(call.duration_s).toBe(250.4);
  expect(call.agents).toEqual(["Sofía"]);
  expect(call.recording).toBe(file);
  expect(call.steps.map(({ id }) => id)).toEqual(["2", "3"]);
  expect(call.transcript).toEqual([
    { who: "contact", text: "Hola", at_s: 1.5 },
    { who: "Sofía", text: "Buenas" },
  ]);
});

test("one that nobody answered has a line and nothing else; a transcript may be plain text", () => {
  const call = callOf([
    message({ kind: "leg", text: "Nadie atendió", author_kind: "system" }),
    message({ kind: "transcript", text: "Hola" }),
  ]);
  expect(call.said).toEqual(["Nadie atendió"]);
  expect([call.duration_s, call.recording, call.agents]).toEqual([undefined, undefined, []]);
  expect(call.transcript).toEqual([{ who: "", text: "Hola" }]);
});

test.each([
  [0, "0:00"],
  [250, "4:10"],
  [3_727, "1:02:07"],
])("%d seconds read as %s", (seconds, said) => {
  expect(clockLength(seconds)).toBe(said);
});
