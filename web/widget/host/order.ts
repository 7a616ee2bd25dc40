/** Tells an order that is complete: once by its number, with the help that came before it. */
import type { Kept } from "../chat/kept";
import { openStorage } from "../chat/storage";
import type { Searched } from "../search/api";
import type { Options, WidgetEvent } from "../types";
import { amount, currencyOf, line } from "./context";

const NUMBER = 64;
const AGAIN_MS = [2_000, 10_000, 60_000];

type Told = Extract<WidgetEvent, { type: "ordered" }>;

/** What the page says of an order, with nothing where it says what cannot be. */
function orderOf(given: unknown) {
  const { number, total, currency } = (given ?? {}) as Record<string, unknown>;
  return { number: line(number, NUMBER) ?? "", total: amount(total), currency: currencyOf(currency) };
}

/** Tells it until the server has it, and returns what became of it; what is no order is refused here. */
export async function tellOrder(options: Options, given: unknown): Promise<Told> {
  const known = orderOf(given);
  const refused: Told = { type: "ordered", number: known.number, state: "refused" };
  if (!known.number || !known.total || !known.currency) return refused;
  const storage = openStorage(options.account);
  const token = storage.get<Kept>("session")?.token;
  const searched = storage.get<Searched>("searched")?.at;
  const body = { account: options.account, ...known, ...(searched ? { searched_at: searched } : {}) };
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  for (const waitMs of [...AGAIN_MS, 0]) {
    const answer = await fetch(`${options.server}api/v1/visitor/orders`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      keepalive: true, // the page may be left at once
    }).catch(() => null);
    if (answer?.ok) {
      const { state } = (await answer.json()) as { state: "counted" | "known" };
      return { type: "ordered", number: known.number, state };
    }
    if (answer && answer.status < 500 && answer.status !== 429) return refused;
    if (waitMs) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return refused;
}
