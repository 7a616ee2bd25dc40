/** Writing by voice, where the browser turns speech into text itself (Web Speech API). */

export type DictationState = "off" | "starting" | "listening" | "denied" | "silent" | "microphone" | "network" | "failed";

interface Hooks {
  /** What was understood for good. */
  heard: (words: string) => void;
  changed: (state: DictationState) => void;
}

/** As much of the browser's own as is used here. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  stop(): void;
}
interface Heard extends Event {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}

type Made = new () => Recognition;

const VARIANTS: Record<string, string> = { es: "es-419", en: "en-US", pt: "pt-BR" };
const ERRORS: Record<string, DictationState> = {
  "not-allowed": "denied",
  "service-not-allowed": "denied",
  "no-speech": "silent",
  "audio-capture": "microphone",
  network: "network",
  aborted: "off",
};

function recognition(): Made | null {
  const found = window as unknown as { SpeechRecognition?: Made; webkitSpeechRecognition?: Made };
  return found.SpeechRecognition ?? found.webkitSpeechRecognition ?? null;
}

export class Dictation {
  #ears: Recognition | null = null;
  #problem: DictationState = "off";

  constructor(
    private readonly language: string,
    private readonly hooks: Hooks,
  ) {}

  start(): void {
    const Made = recognition();
    if (!Made) return;
    const ears = new Made();
    ears.lang = this.#tag();
    ears.continuous = true;
    ears.interimResults = false;
    ears.addEventListener("start", () => { this.hooks.changed("listening"); });
    ears.addEventListener("result", (event) => {
      const { resultIndex, results } = event as Heard;
      for (const result of Array.from(results).slice(resultIndex)) {
        const words = result.isFinal ? result[0]?.transcript.trim() : "";
        if (words) this.hooks.heard(words);
      }
    });
    ears.addEventListener("error", (event) => {
      this.#problem = ERRORS[(event as unknown as { error: string }).error] ?? "failed";
    });
    ears.addEventListener("end", () => {
      this.#ears = null;
      this.hooks.changed(this.#problem);
    });
    this.#ears = ears;
    try {
      ears.start();
    } catch {
      this.hooks.changed("failed");
    }
  }

  stop(): void {
    this.#ears?.stop();
  }

  /** The reader's own variant of the widget's language, where the browser has one. */
  #tag(): string {
    const own = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${this.language}-`));
    return own ?? VARIANTS[this.language] ?? this.language;
  }
}
