import { expect, test } from "vitest";
import { speak, t, withWords } from "./index.svelte";
import adminPt from "./admin/pt";
import queuesEn from "./queues/en";

test("a part that is opened while the language changes is in the new one", async () => {
  await speak("es");
  await Promise.all([withWords("admin"), speak("pt")]);
  expect(t.language).toBe("pt");
  expect(t.admin.title).toBe(adminPt.title);
});

test("of two languages asked for at once the last is spoken, by all parts, and both are told when it is", async () => {
  await speak("es");
  await Promise.all([
    speak("pt").then(() => {
      expect(t.language).toBe("en");
    }),
    withWords("queues"),
    speak("en"),
  ]);
  expect(t.language).toBe("en");
  expect(t.queues).toEqual(queuesEn);
  expect(document.documentElement.lang).toBe("en");
});
