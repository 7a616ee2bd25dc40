/**
 * The words of the desk in the reader's language. `t.desk.send` is reactive text; a dictionary of each
 * part is fetched only in the language that is shown, those of other parts when first opened.
 */
import type access from "./access/es";
import type account from "./account/es";
import type admin from "./admin/es";
import type audit from "./audit/es";
import type alerts from "./alerts/es";
import type appearance from "./appearance/es";
import type articles from "./articles/es";
import type beside from "./beside/es";
import type automation from "./automation/es";
import type cases from "./cases/es";
import type common from "./common/es";
import type composing from "./composing/es";
import type desk from "./desk/es";
import type gaps from "./gaps/es";
import type guide from "./guide/es";
import type privacy from "./privacy/es";
import type queues from "./queues/es";
import type wrapup from "./wrapup/es";
import type incidents from "./incidents/es";
import type notices from "./notices/es";
import type broken from "./broken/es";
import type search from "./search/es";
import type storefront from "./storefront/es";
import type setup from "./setup/es";
import type trail from "./trail/es";
import type thread from "./thread/es";
import type together from "./together/es";
import type { Language } from "./languages";
import type views from "./views/es";
import type waiting from "./waiting/es";

interface Dictionaries {
  common: typeof common;
  access: typeof access;
  desk: typeof desk;
  admin: typeof admin;
  account: typeof account;
  alerts: typeof alerts;
  appearance: typeof appearance;
  articles: typeof articles;
  beside: typeof beside;
  audit: typeof audit;
  automation: typeof automation;
  cases: typeof cases;
  gaps: typeof gaps;
  guide: typeof guide;
  privacy: typeof privacy;
  queues: typeof queues;
  wrapup: typeof wrapup;
  waiting: typeof waiting;
  together: typeof together;
  notices: typeof notices;
  incidents: typeof incidents;
  thread: typeof thread;
  trail: typeof trail;
  broken: typeof broken;
  composing: typeof composing;
  search: typeof search;
  views: typeof views;
  storefront: typeof storefront;
  setup: typeof setup;
}
export type Part = keyof Dictionaries;

/** What is shown first; the other parts are fetched on demand. */
const FIRST: readonly Part[] = ["common", "access", "desk"];

const first = import.meta.glob<{ default: unknown }>("./{common,access,desk}/{es,en,pt}.ts");

let language = $state<Language>("es");
let loaded = $state.raw<Partial<Dictionaries>>({});

async function dictionary(part: Part, of: Language): Promise<unknown> {
  const path = `./${part}/${of}.ts`;
  const load = first[path] ?? (await import("./others")).others[path];
  if (!load) throw new Error(`no dictionary ${part} in ${of}`);
  return (await load()).default;
}

async function dictionaries(parts: readonly Part[], of: Language): Promise<Partial<Dictionaries>> {
  const entries = await Promise.all(parts.map(async (part) => [part, await dictionary(part, of)] as const));
  return Object.fromEntries(entries) as Partial<Dictionaries>;
}

let turn = 0;
let speaking: Promise<void> = Promise.resolve();

/** Shows every text in `next`; texts already on the page change once all their words have arrived. The last call wins. */
export function speak(next: Language): Promise<void> {
  speaking = change(next, ++turn);
  return speaking;
}

async function change(next: Language, mine: number): Promise<void> {
  let words: Partial<Dictionaries> = {};
  for (;;) {
    // Others may have opened a part meanwhile, whose words are still in the language before.
    const missing = ([...FIRST, ...Object.keys(loaded)] as Part[]).filter((part) => !(part in words));
    if (!missing.length) break;
    words = { ...words, ...(await dictionaries(missing, next)) };
    if (mine !== turn) return speaking;
  }
  loaded = { ...loaded, ...words };
  language = next;
  document.documentElement.lang = next;
}

/** Makes the words of a part that is opened on demand ready before it is shown. */
export async function withWords(part: Part): Promise<void> {
  while (!loaded[part]) {
    const asked = language;
    const words = await dictionaries([part], asked);
    if (asked === language) loaded = { ...loaded, ...words }; // with what other parts brought meanwhile
  }
}

function words<P extends Part>(part: P): Dictionaries[P] {
  const found = loaded[part];
  if (!found) throw new Error(`the words of ${part} were used before they were loaded`);
  return found;
}

export const t = {
  get language(): Language {
    return language;
  },
  get common() {
    return words("common");
  },
  get access() {
    return words("access");
  },
  get desk() {
    return words("desk");
  },
  get admin() {
    return words("admin");
  },
  get account() {
    return words("account");
  },
  get alerts() {
    return words("alerts");
  },
  get appearance() {
    return words("appearance");
  },
  get articles() {
    return words("articles");
  },
  get beside() {
    return words("beside");
  },
  get audit() {
    return words("audit");
  },
  get automation() {
    return words("automation");
  },
  get cases() {
    return words("cases");
  },
  get gaps() {
    return words("gaps");
  },
  get guide() {
    return words("guide");
  },
  get privacy() {
    return words("privacy");
  },
  get queues() {
    return words("queues");
  },
  get wrapup() {
    return words("wrapup");
  },
  get waiting() {
    return words("waiting");
  },
  get together() {
    return words("together");
  },
  get notices() {
    return words("notices");
  },
  get incidents() {
    return words("incidents");
  },
  get thread() {
    return words("thread");
  },
  get trail() {
    return words("trail");
  },
  get broken() {
    return words("broken");
  },
  get composing() {
    return words("composing");
  },
  get search() {
    return words("search");
  },
  get views() {
    return words("views");
  },
  get storefront() {
    return words("storefront");
  },
  get setup() {
    return words("setup");
  },
};
