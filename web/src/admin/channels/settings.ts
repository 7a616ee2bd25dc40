/**
 * Reads a connector's JSON Schema as fields of a form, and the form as settings again. Pure. Schemas are flat
 * objects; an object inside one becomes a group, whose fields are named `group.field`.
 */
import { isLanguage, LANGUAGE_NAMES } from "../../i18n/languages";
import type { ChannelStrings, JsonSchema } from "../../api/shapes";

export type Control = "text" | "long" | "secret" | "number" | "choice" | "flag" | "list";

export interface SettingField {
  name: string;
  title: string;
  hint: string;
  control: Control;
  required: boolean;
  /** Fields that work with their defaults are shown when asked for. */
  advanced: boolean;
  choices: { value: string; label: string }[];
  schema: JsonSchema;
}

/** Field values as a form holds them. */
export type Values = Record<string, string | boolean>;

const LONG = 1_000;
/** A name as a title; those that are languages by their own name. */
const words = (name: string): string =>
  isLanguage(name)
    ? LANGUAGE_NAMES[name]
    : name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

function typeOf(schema: JsonSchema): string {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? "string"];
  return types.find((type) => type !== "null") ?? "string";
}

function controlOf(schema: JsonSchema): Control {
  if (schema.writeOnly) return "secret";
  if (schema.enum) return "choice";
  switch (typeOf(schema)) {
    case "boolean":
      return "flag";
    case "integer":
    case "number":
      return "number";
    case "array":
      return "list";
    default:
      return (schema.maxLength ?? 0) > LONG ? "long" : "text";
  }
}

/** One field, with the connector's words or, where it has none, the name itself. */
function fieldOf(name: string, schema: JsonSchema, strings: ChannelStrings): Omit<SettingField, "required"> {
  const said = strings.settings?.[name];
  const label = (value: string): string => strings.options?.[value] ?? words(value);
  return {
    name,
    title: said?.title ?? schema.title ?? words(name.split(".").pop() ?? name),
    hint: said?.description ?? schema.description ?? "",
    control: controlOf(schema),
    advanced: schema.default !== undefined || schema["x-advanced"] === true,
    choices: (schema.enum ?? []).map(String).map((value) => ({ value, label: label(value) })),
    schema,
  };
}

/** The fields of a schema in its order; what is required is never hidden among the advanced ones. */
export function fieldsOf(schema: JsonSchema, strings: ChannelStrings = {}): SettingField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const required = schema.required?.includes(name) ?? false;
    const field = fieldOf(name, property, strings);
    if (!property.properties) return [{ ...field, required, advanced: field.advanced && !required }];
    return Object.entries(property.properties).map(([key, inner], index) => {
      const part = fieldOf(`${name}.${key}`, inner, strings);
      return {
        ...part,
        title: `${field.title} · ${part.title}`,
        hint: part.hint || (index === 0 ? field.hint : ""), // said once for all of them
        required: false,
      };
    });
  });
}

function at(settings: Record<string, unknown>, name: string): unknown {
  return name
    .split(".")
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value ? Reflect.get(value, key) : undefined),
      settings,
    );
}

/** What the form shows at first: what is kept, else the schema's default; secrets are never shown. */
export function valuesOf(fields: readonly SettingField[], settings: Record<string, unknown>): Values {
  return Object.fromEntries(
    fields.map(({ name, control, schema }) => {
      if (control === "secret") return [name, ""];
      const value = at(settings, name) ?? schema.default;
      if (control === "flag") return [name, value === true];
      if (Array.isArray(value)) return [name, value.join("\n")];
      return [name, typeof value === "string" || typeof value === "number" ? String(value) : ""];
    }),
  );
}

/** An address as a schema's pattern wants it: what people leave out of one, or add to it, is no mistake. */
export function asAddress(typed: string, pattern: string | undefined): string {
  if (!pattern || !/^\^\(?http/.test(pattern)) return typed;
  const wanted = new RegExp(pattern);
  const whole = /^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`;
  const origin = URL.canParse(whole) && new URL(whole).pathname === "/" ? new URL(whole).origin : whole;
  return [typed, whole, origin].find((one) => wanted.test(one)) ?? typed;
}

/** What is sent of one field; `undefined` leaves it out. */
function settingOf(field: SettingField, value: string | boolean | undefined): unknown {
  if (typeof value === "boolean") return value;
  const text = value ?? "";
  switch (field.control) {
    case "list":
      return text
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean)
        .map((line) => asAddress(line, field.schema.items?.pattern));
    case "number":
      return text.trim() === "" ? undefined : Number(text);
    case "secret":
      return text === "" ? undefined : text;
    case "choice":
      return field.schema.enum?.find((choice) => String(choice) === text);
    default:
      return text.trim() === "" && !field.required ? undefined : asAddress(text.trim(), field.schema.pattern);
  }
}

/** The settings that a form means. Secrets that were not typed are left out; those in `removed` are sent as null. */
export function settingsOf(
  fields: readonly SettingField[],
  values: Values,
  removed: readonly string[] = [],
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const field of fields) {
    const value = removed.includes(field.name) ? null : settingOf(field, values[field.name]);
    if (value === undefined) continue;
    const [group, key] = field.name.split(".");
    if (group && key) settings[group] = { ...(settings[group] as object | undefined), [key]: value };
    else settings[field.name] = value;
  }
  return settings;
}
