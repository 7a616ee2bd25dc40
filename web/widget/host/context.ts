/** What the page says of where the visitor is, cut to what may be told. */
import type { Context } from "../types";

const SHORT = 64;
const LABEL = 200;
const MOST = 1_000_000_000;
const MOST_ITEMS = 10_000;

/** Returns what of it can be told, null when that is nothing. Whatever the page gives, this does not fail. */
export function fitContext(given: unknown): Context | null {
  if (!isRecord(given)) return null;
  const { product, step, cart, order, language } = given;
  const fit: Context = {
    ...part("product", isRecord(product) ? fitProduct(product) : null),
    ...part("step", line(step, SHORT)),
    ...part("cart", isRecord(cart) ? fitCart(cart) : null),
    ...part("order", line(order, SHORT)),
    ...part("language", line(language, 35)),
  };
  return filled(fit);
}

function fitProduct({ id, name, price }: Record<string, unknown>): NonNullable<Context["product"]> | null {
  return filled({
    ...part("id", line(id, SHORT)),
    ...part("name", line(name, LABEL)),
    ...part("price", line(price, SHORT)),
  });
}

function fitCart({ items, total, currency }: Record<string, unknown>): NonNullable<Context["cart"]> | null {
  const count = typeof items === "number" && Number.isInteger(items) && items >= 0 && items <= MOST_ITEMS ? items : null;
  return filled({ ...part("items", count), ...part("total", amount(total)), ...part("currency", currencyOf(currency)) });
}

/** An amount of money as it travels: digits with at most four after the point; null for what is none. */
export function amount(given: unknown): string | null {
  const value = typeof given === "string" && given.trim() ? Number(given) : given;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || value > MOST) return null;
  return value.toFixed(4).replace(/\.?0+$/, "");
}

export function currencyOf(given: unknown): string | null {
  const code = typeof given === "string" ? given.trim().toUpperCase() : "";
  return /^[A-Z]{3}$/.test(code) ? code : null;
}

export function line(given: unknown, most: number): string | null {
  const text = typeof given === "string" || typeof given === "number" ? String(given) : "";
  return text.replace(/\s+/g, " ").trim().slice(0, most).trim() || null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const part = <Name extends string, Value>(name: Name, value: Value | null): Partial<Record<Name, Value>> =>
  value === null ? {} : ({ [name]: value } as Record<Name, Value>);

const filled = <Found extends object>(found: Found): Found | null => (Object.keys(found).length ? found : null);
