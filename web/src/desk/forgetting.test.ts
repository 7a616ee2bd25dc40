import { describe, expect, test } from "vitest";
import { merge, NOTHING } from "../live/state";
import { contact, conversation, interaction, matter, message } from "../testing/entities";
import { withoutWhatIsOver } from "./forgetting";

const NOBODY = { conversationId: null, contactId: undefined, listed: new Set<string>() };
const numbers = [1, 2, 3, 4];

const state = merge(NOTHING, {
  conversations: numbers.map((n) =>
    conversation({
      id: `c${n.toString()}`,
      contact_id: `p${n.toString()}`,
      case_id: `k${n.toString()}`,
      status: n === 1 ? "open" : "closed",
    }),
  ),
  contacts: numbers.map((n) => contact({ id: `p${n.toString()}` })),
  cases: numbers.map((n) => matter({ id: `k${n.toString()}`, contact_id: `p${n.toString()}` })),
  messages: numbers.map((n) =>
    message({ id: `m${n.toString()}`, conversation_id: `c${n.toString()}`, contact_id: `p${n.toString()}` }),
  ),
  interactions: [
    interaction({ id: "i1", conversation_id: "c1", state: "accepted" }),
    interaction({ id: "i2", conversation_id: "c2", state: "ended" }),
    interaction({ id: "i3", conversation_id: "c3", state: "wrap_up" }),
  ],
});

const ids = (all: object): string[] => Object.keys(all);

describe("what a desk lets go", () => {
  test("nothing, while it is little", () => {
    expect(withoutWhatIsOver(state, NOBODY)).toEqual(state);
  });

  test("what is over, and what only that named; not what is open, wrapped up or of the last", () => {
    const left = withoutWhatIsOver(state, NOBODY, [0, 1]);
    expect(ids(left.conversations)).toEqual(["c1", "c3"]);
    expect(ids(left.contacts)).toEqual(["p1", "p3"]);
    expect(ids(left.cases)).toEqual(["k1", "k3"]);
    expect(ids(left.interactions)).toEqual(["i1", "i3"]);
    expect(ids(left.messages)).toEqual(["m4"]);
    // With one spared, the work on c2 is the one.
    expect(ids(withoutWhatIsOver(state, NOBODY, [1, 1]).interactions)).toEqual(["i1", "i2", "i3"]);
  });

  test("never what the screen shows", () => {
    const left = withoutWhatIsOver(state, { conversationId: "c2", contactId: "p2", listed: new Set(["c4"]) }, [0, 0]);
    expect(ids(left.conversations)).toEqual(["c1", "c2", "c3", "c4"]);
    expect(ids(left.interactions)).toEqual(["i1", "i2", "i3"]);
    expect(ids(left.messages)).toEqual(["m2"]);
  });

  test("a part that lets nothing go stays the same object", () => {
    const left = withoutWhatIsOver(state, NOBODY, [0, 9]);
    expect(left.messages).toBe(state.messages);
  });
});
