import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Conversation, Pending } from "../types";
import { allSent } from "./online";
import { initial, type State } from "./state";

const conversation = { id: "c1" } as Conversation;
const pending = (error: string | null): Pending => ({ client_id: "k", text: "", attachments: [], at: "", error });

function chatting(from: readonly Pending[]) {
  let changed: () => void = () => undefined;
  return {
    state: { ...initial, conversation, pending: from } as State,
    subscribe: (listener: () => void) => {
      changed = listener;
      return () => true;
    },
    become(to: readonly Pending[]) {
      this.state = { ...this.state, pending: to };
      changed();
    },
  };
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test("what was refused for good keeps nobody waiting", async () => {
  await allSent(chatting([pending("too large")]));
  const chat = chatting([pending("too large"), pending(null)]);
  const waits = allSent(chat);
  chat.become([pending("too large")]);
  await waits;
});

test("what waits to be sent is waited for, but not for ever", async () => {
  const waits = expect(allSent(chatting([pending(null)]))).rejects.toThrow("not sent yet");
  await vi.advanceTimersByTimeAsync(60_000);
  await waits;
});
