import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../api/problem";
import { speak } from "../../i18n/index.svelte";
import { conversation } from "../../testing/entities";
import { Submission } from "../../ui/act.svelte";
import { showing } from "./change";
import { EMPTY, keepDraft, readDraft, type Draft } from "./drafts";
import { handOut, type Out } from "./out";

const sent = vi.hoisted(() => ({ here: vi.fn(), elsewhere: vi.fn(), kept: vi.fn() }));
vi.mock("../../access/session.svelte", () => ({ me: { session: { user: { id: "ana" } } } }));
vi.mock("../../live/desk.svelte", () => ({ live: { state: { accounts: {}, conversations: {} } } }));
vi.mock("./outgoing.svelte", () => ({ outgoing: { send: sent.here } }));
vi.mock("./saving", () => ({ saveDraft: sent.kept }));
vi.mock("./first/send", () => ({ answerElsewhere: sent.elsewhere }));

const file = { id: "f1", filename: "plano.pdf", size: 10 };
const draft: Draft = { ...EMPTY, text: "Llega el viernes.", files: [file] };
const message = { text: draft.text, kind: "reply" as const, client_id: "12345678", attachment_ids: ["f1"], marks: true };
const way = { channel: "email", conversationId: "c2" };
const out = (over: Partial<Out> = {}): Out => ({
  draft,
  message,
  moment: undefined,
  way: undefined,
  from: conversation(),
  ...over,
});
const nothing = (): Promise<void> => Promise.resolve();

/** A composer that shows the conversation's drafts. */
class Written {
  now = draft;
  leave = showing("c1", { change: (_, change) => (this.now = change(this.now)), isUploading: () => false });
}

beforeAll(() => speak("es"));
beforeEach(() => {
  localStorage.clear();
  vi.resetAllMocks();
  keepDraft("c1", draft);
});

test("what goes out is taken out at once", async () => {
  const composer = new Written();
  await handOut(out(), new Submission(), nothing);
  expect(composer.now).toEqual(EMPTY);
  expect(sent.here).toHaveBeenCalledWith(expect.objectContaining({ conversationId: "c1", message }));
  composer.leave();
});

test("once one has gone on, it is taken out of what is kept here and at the server", async () => {
  new Written().leave();
  await handOut(out(), new Submission(), nothing);
  expect(readDraft("c1", "reply")).toEqual(EMPTY);
  await vi.waitFor(() => {
    expect(sent.kept).toHaveBeenCalledExactlyOnceWith("c1", "reply", EMPTY);
  }, 20_000);
});

test("by another channel it leaves the field before the answer, and what is typed meanwhile stays", async () => {
  const composer = new Written();
  let answer = (): void => undefined;
  sent.elsewhere.mockReturnValue(new Promise<void>((resolve) => (answer = resolve)));
  const handed = handOut(out({ way }), new Submission(), nothing);
  expect(composer.now).toEqual(EMPTY);
  composer.now = { ...EMPTY, text: "Y otra cosa" };
  answer();
  expect(await handed).toBe(true);
  expect(composer.now.text).toBe("Y otra cosa");
  composer.leave();
});

test("what could not go by another channel comes back above what was typed, also when one has gone on", async () => {
  const composer = new Written();
  sent.elsewhere.mockRejectedValue(new Problem(0));
  const sending = new Submission();
  const handed = handOut(out({ way }), sending, nothing);
  composer.now = { ...EMPTY, text: "Y otra cosa" };
  expect(await handed).toBe(false);
  expect(composer.now).toEqual({ ...EMPTY, text: "Llega el viernes.\n\nY otra cosa", files: [file] });
  expect(sending.error).not.toBe("");

  composer.now = draft;
  const again = handOut(out({ way }), sending, nothing);
  keepDraft("c1", composer.now);
  composer.leave();
  expect(await again).toBe(false);
  expect(readDraft("c1", "reply")).toEqual(draft);
});
