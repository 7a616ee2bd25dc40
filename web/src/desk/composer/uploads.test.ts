import { beforeAll, expect, test, vi } from "vitest";
import { speak } from "../../i18n/index.svelte";
import { Uploads } from "./uploads.svelte";

const server = vi.hoisted(() => ({ upload: vi.fn() }));
vi.mock("../../api/desk", () => ({ desk: server }));

beforeAll(() => speak("es"));

test("files that are put are those that are there; what is on its way goes on", async () => {
  const kept = { id: "f1", filename: "plano.pdf", size: 10 };
  const uploads = new Uploads();
  uploads.put([kept]);
  expect(uploads.ids).toEqual(["f1"]);
  let answer: (file: { id: string }) => void = () => undefined;
  server.upload.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  uploads.add([new File(["x"], "foto.png")], Infinity);
  uploads.put([]);
  expect(uploads.busy).toBe(true);
  expect(uploads.files).toEqual([]);
  uploads.put([kept]);
  answer({ id: "f2" });
  await vi.waitFor(() => {
    expect(uploads.files).toEqual([kept, { id: "f2", filename: "foto.png", size: 1 }]);
  }, 20_000);
  expect(uploads.busy).toBe(false);
});
