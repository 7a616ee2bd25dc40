/** One of the acts on many, done to one conversation: it knows how that stood, and brings it back to who had it. */
import { Problem } from "../api/problem";
import { views as api, type Act, type Done } from "../api/views";
import { live } from "../live/desk.svelte";

/** Shows what it has become; raises the reason when it could not be done. Answers whether anything changed. */
function take({ items: [item] }: Done): boolean {
  if (item?.problem) {
    const { field, ...said } = item.problem;
    throw new Problem(409, field ? { ...said, field } : said);
  }
  if (item?.conversation) live.merge({ conversation: item.conversation });
  return item?.changed ?? false;
}

/** What was not answered is asked for as the same act: done once, it has its way back all the same. */
export class ActOnOne {
  #asked = { said: "", id: "" };

  /** Answers the way back, where anything was changed. */
  async run(conversationId: string, act: Act): Promise<(() => Promise<void>) | undefined> {
    const said = JSON.stringify([conversationId, act]);
    if (this.#asked.said !== said) this.#asked = { said, id: crypto.randomUUID() };
    const { id } = this.#asked;
    const done = await api.act(id, act, [conversationId]);
    this.#asked = { said: "", id: "" };
    if (!take(done)) return undefined;
    return async () => {
      take(await api.undo(id));
    };
  }
}
