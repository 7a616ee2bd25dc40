import { expect, test } from "vitest";
import type { Scheduled } from "../../../api/scheduled";
import { EMPTY } from "../drafts";
import { draftWith, forwardOf } from "./back";

const view = (changes: Partial<Scheduled>): Scheduled =>
  ({ text: "Llega el viernes.", to: [], cc: [], bcc: [], attachments: [], ...changes }) as Scheduled;

test("what comes back is the draft again, with whoever it was for", () => {
  const found = draftWith(
    view({ to: [{ address: "pedro@example.org" }], cc: [{ address: "a@b.c" }, { address: "d@e.f" }] }),
    EMPTY,
    "pedro@example.org",
  );
  expect(found).toEqual({ ...EMPTY, text: "Llega el viernes.", cc: "a@b.c, d@e.f" });
});

test("what was begun meanwhile stays", () => {
  const mine = { id: "f1", filename: "plano.pdf", size: 10 };
  const begun = { ...EMPTY, text: "Y otra cosa:", to: "otra@example.org", files: [mine] };
  const attachments = [{ id: "f0", filename: "recibo.pdf", size: 20 }] as Scheduled["attachments"];
  const found = draftWith(view({ to: [{ address: "pedro@example.org" }], attachments }), begun, undefined);
  expect(found.files).toEqual([...attachments, mine]);
  expect(found.text).toBe("Llega el viernes.\n\nY otra cosa:");
  expect(found.to).toBe("otra@example.org");
});

test("of what was to be sent on comes back what was written above it", () => {
  const found = forwardOf(
    view({
      forwards: "m",
      conversation_id: "v",
      text: "¿Pueden verlo?\n\nPedro · 2026-11-26 12:00:00+00:00\n> No enfría",
      to: [{ address: "t@x.example" }],
    }),
  );
  expect(found.message).toEqual({ id: "m", conversation_id: "v" });
  expect(found.begun).toEqual({ to: "t@x.example", text: "¿Pueden verlo?" });
});
