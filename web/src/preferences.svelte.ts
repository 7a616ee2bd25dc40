/** What one person likes on this device: appearance, whether single keys act, help beside the settings. */
type Theme = "system" | "light" | "dark";

interface Preferences {
  theme: Theme;
  singleKeys: boolean;
  help: boolean;
}

const KEY = "trato.preferences";
const DEFAULTS: Preferences = { theme: "system", singleKeys: true, help: true };

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
  } catch {
    return DEFAULTS; // storage is blocked or holds something else: the defaults serve
  }
}

let kept = $state<Preferences>(read());

function show(): void {
  if (kept.theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = kept.theme;
}

function keep(change: Partial<Preferences>): void {
  kept = { ...kept, ...change };
  show();
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // storage is blocked: the choice lasts as long as the page
  }
}

show();

export const preferences = {
  get theme() {
    return kept.theme;
  },
  get singleKeys() {
    return kept.singleKeys;
  },
  get help() {
    return kept.help;
  },
  keep,
};
