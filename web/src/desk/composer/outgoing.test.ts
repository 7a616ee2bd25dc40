import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../api/problem";
import { message } from "../../testing/entities";

const server = vi.hoisted(() => ({ send: vi.fn() }));
vi.mock("../../api/desk", () => ({ desk: server }));
// The same for every page: a failure is known by its class.
const shared = vi.hoisted(() => ({ problem: undefined as unknown }));
vi.mock("../../api/problem", async (original) => (shared.problem ??= await original()));
vi.mock("../../live/desk.svelte", () => ({ live: { merge: () => undefined } }));

type Outgoing = (typeof import("./outgoing.svelte"))["outgoing"];

const AGAIN_MS = 5_000;

/** The desk as after a reload: what is known is what was stored. */
async function reloaded(userId: string, proved = true): Promise<Outgoing> {
  vi.resetModules();
  const { speak } = await import("../../i18n/index.svelte");
  await speak("es");
  const { outgoing } = await import("./outgoing.svelte");
  outgoing.resume(userId, proved);
  return outgoing;
}

const said = (text: string, over: { userId?: string; conversationId?: string } = {}) => ({
  userId: "ana",
  conversationId: "c1",
  contactId: "p1",
  message: { text, kind: "reply" as const, client_id: `id of ${text}`, attachment_ids: [], marks: true },
  ...over,
});

const settled = () => vi.advanceTimersByTimeAsync(0);
const sent = (): string[] =>
  (server.send.mock.calls as [string, { text: string }][]).map(([, { text }]) => text);
const shown = (outgoing: Outgoing): string[] =>
  outgoing.of("c1").map((one) => `${one.message.text}: ${one.state}`);
const kept = (): string[] =>
  (JSON.parse(localStorage.getItem("trato.outgoing") ?? "[]") as ReturnType<typeof said>[]).map(
    (one) => one.message.text,
  );
const works = (): unknown => server.send.mockResolvedValue(message());
const fails = (status: number): unknown => server.send.mockRejectedValue(new Problem(status));

beforeAll(() => {
  vi.useFakeTimers();
});
beforeEach(() => {
  localStorage.clear();
  server.send.mockReset();
});
afterEach(() => {
  vi.clearAllTimers();
});

test("what waited goes out after a reload, for whoever wrote it", async () => {
  fails(0);
  (await reloaded("ana")).send(said("hola"));
  await settled();
  works();
  const after = await reloaded("ana");
  expect(shown(after)).toEqual(["hola: sending"]);
  await settled();
  expect(sent()).toEqual(["hola", "hola"]);
  expect(shown(after)).toEqual([]);
  expect(kept()).toEqual([]);
});

test("nobody sends in another's name; what waits of others stays stored until they are here again", async () => {
  fails(401);
  const outgoing = await reloaded("ana");
  outgoing.send(said("de Ana"));
  outgoing.resume("berta", true); // in the dialog, while it was under way
  await settled();
  works();
  await vi.advanceTimersByTimeAsync(2 * AGAIN_MS);
  outgoing.send(said("de Berta", { userId: "berta" }));
  await settled();
  expect(sent()).toEqual(["de Ana", "de Berta"]);
  expect(shown(outgoing)).toEqual([]);
  expect(kept()).toEqual(["de Ana"]);

  await reloaded("berta");
  await settled();
  expect(kept()).toEqual(["de Ana"]);
  outgoing.resume(null, false);
  await reloaded("ana");
  await settled();
  expect(sent()).toEqual(["de Ana", "de Berta", "de Ana"]);
  expect(kept()).toEqual([]);
});

test("a tab takes nothing away that another one stored", async () => {
  fails(0);
  const one = await reloaded("ana");
  const other = await reloaded("ana");
  one.send(said("en la primera"));
  await settled();
  works();
  other.send(said("en la segunda", { conversationId: "c2" }));
  await settled();
  expect(kept()).toEqual(["en la primera"]);
});

test("the next goes only when the one before is there, and at once", async () => {
  const taken: (() => void)[] = [];
  server.send.mockImplementation(
    () =>
      new Promise((resolve) => {
        taken.push(() => {
          resolve(message());
        });
      }),
  );
  const outgoing = await reloaded("ana");
  outgoing.send(said("uno"));
  outgoing.send(said("dos"));
  outgoing.send(said("aparte", { conversationId: "c2" }));
  await settled();
  expect(sent()).toEqual(["uno", "aparte"]);
  expect(shown(outgoing)).toEqual(["uno: sending", "dos: sending"]);
  taken[0]?.();
  await settled();
  expect(sent()).toEqual(["uno", "aparte", "dos"]);
});

test("behind one that waits the others wait, and go in the order in which they were written", async () => {
  fails(503);
  const outgoing = await reloaded("ana");
  outgoing.send(said("uno"));
  outgoing.send(said("dos"));
  await settled();
  expect(shown(outgoing)).toEqual(["uno: waiting", "dos: waiting"]);
  works();
  await vi.advanceTimersByTimeAsync(AGAIN_MS);
  expect(sent()).toEqual(["uno", "uno", "dos"]);
  expect(shown(outgoing)).toEqual([]);
});

test("one that is refused for good holds up nothing behind it, and can be sent again", async () => {
  server.send.mockRejectedValueOnce(new Problem(422, { detail: "No se puede." }));
  works();
  const outgoing = await reloaded("ana");
  outgoing.send(said("uno"));
  outgoing.send(said("dos"));
  await settled();
  expect(sent()).toEqual(["uno", "dos"]);
  expect(shown(outgoing)).toEqual(["uno: refused"]);
  outgoing.retry("id of uno");
  await settled();
  expect(sent()).toEqual(["uno", "dos", "uno"]);
  expect(shown(outgoing)).toEqual([]);
});

test("one whose earlier try is still under way is asked once more before it counts as refused", async () => {
  server.send.mockRejectedValueOnce(new Problem(409));
  works();
  const outgoing = await reloaded("ana");
  outgoing.send(said("uno"));
  await settled();
  expect(shown(outgoing)).toEqual(["uno: waiting"]);
  await vi.advanceTimersByTimeAsync(AGAIN_MS);
  expect(shown(outgoing)).toEqual([]);
  fails(409);
  outgoing.send(said("dos"));
  await vi.advanceTimersByTimeAsync(AGAIN_MS);
  expect(shown(outgoing)).toEqual(["dos: refused"]);
});

test("nothing goes out before the server has said who is here", async () => {
  works();
  const outgoing = await reloaded("ana", false);
  outgoing.send(said("hola"));
  await vi.advanceTimersByTimeAsync(2 * AGAIN_MS);
  expect(sent()).toEqual([]);
  expect(shown(outgoing)).toEqual(["hola: waiting"]);
  outgoing.resume("berta", true);
  await settled();
  expect(sent()).toEqual([]);
  outgoing.resume("ana", true);
  await settled();
  expect(sent()).toEqual(["hola"]);
});
