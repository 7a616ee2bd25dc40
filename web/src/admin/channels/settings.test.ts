import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../../api/shapes";
import { asAddress, fieldsOf, settingsOf, valuesOf } from "./settings";

const schema: JsonSchema = {
  type: "object",
  required: ["address", "origins"],
  properties: {
    address: { type: "string", format: "email" },
    port: { type: "integer", default: 993 },
    security: { enum: ["tls", "starttls"], default: "tls" },
    verify: { type: "boolean", default: true },
    origins: { type: "array", items: { type: "string" }, default: [] },
    password: { type: "string", writeOnly: true },
    greeting: { type: "object", properties: { es: { type: "string" }, en: { type: "string" } } },
    footer: { type: ["string", "null"], maxLength: 2000 },
  },
};
const strings = {
  settings: { address: { title: "Dirección", description: "La casilla" } },
  options: { tls: "TLS" },
};
const fields = fieldsOf(schema, strings);

test("each property becomes its control, named in the connector's words", () => {
  expect(fields.map(({ name, control }) => [name, control])).toEqual([
    ["address", "text"],
    ["port", "number"],
    ["security", "choice"],
    ["verify", "flag"],
    ["origins", "list"],
    ["password", "secret"],
    ["greeting.es", "text"],
    ["greeting.en", "text"],
    ["footer", "long"],
  ]);
  expect(fields[0]).toMatchObject({
    title: "Dirección",
    hint: "La casilla",
    required: true,
    advanced: false,
  });
  expect(fields[1]).toMatchObject({ title: "Port", advanced: true });
  expect(fields[2]?.choices).toEqual([
    { value: "tls", label: "TLS" },
    { value: "starttls", label: "Starttls" },
  ]);
  expect(fields[6]?.title).toBe("Greeting · Español");
});

describe("a form", () => {
  test("begins with what is kept, defaults elsewhere, and no secret", () => {
    const kept = {
      address: "a@x.example",
      origins: ["https://x.example", "https://y.example"],
      password: "never here",
    };
    expect(valuesOf(fields, kept)).toEqual({
      address: "a@x.example",
      port: "993",
      security: "tls",
      verify: true,
      origins: "https://x.example\nhttps://y.example",
      password: "",
      "greeting.es": "",
      "greeting.en": "",
      footer: "",
    });
  });

  test("that was not touched sends what was kept", () => {
    const kept = {
      address: "a@x.example",
      port: 143,
      security: "starttls",
      verify: false,
      origins: [],
      greeting: { es: "Hola" },
    };
    expect(settingsOf(fields, valuesOf(fields, kept))).toEqual(kept);
  });

  test("sends a secret only when it was typed, and null to remove it", () => {
    const values = { ...valuesOf(fields, {}), address: "a@x.example" };
    expect(settingsOf(fields, values)).not.toHaveProperty("password");
    expect(settingsOf(fields, { ...values, password: " s 3 " })).toHaveProperty("password", " s 3 ");
    expect(settingsOf(fields, values, ["password"])).toHaveProperty("password", null);
  });

  test("reads lists by lines and numbers as numbers", () => {
    const values = { ...valuesOf(fields, {}), port: " 1993 ", origins: " https://x.example \n\n" };
    expect(settingsOf(fields, values)).toMatchObject({ port: 1993, origins: ["https://x.example"] });
  });
});

const ORIGIN = String.raw`^(https://[a-z0-9.-]+(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?)$`;

test.each([
  ["mitienda.com", "https://mitienda.com"],
  ["www.MiTienda.com/", "https://www.mitienda.com"],
  ["https://mitienda.com/", "https://mitienda.com"],
  ["http://localhost:5173", "http://localhost:5173"],
  ["http://mitienda.com", "http://mitienda.com"], // another address: the server says what is missing
  ["https://mitienda.com/tienda", "https://mitienda.com/tienda"],
  ["mi tienda", "mi tienda"],
])("the site %s is meant as %s", (typed, meant) => {
  expect(asAddress(typed, ORIGIN)).toBe(meant);
});

test("what is no address stays as it is typed", () => {
  expect(asAddress("soporte@mitienda.com", "^[^@]+@[^@]+$")).toBe("soporte@mitienda.com");
  expect(asAddress("mitienda.com", undefined)).toBe("mitienda.com");
});
