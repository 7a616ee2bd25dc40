/** Sentences that the server tells by a code: a connector's own, and one for what nobody foresaw. */
import type { ChannelStrings, Sentence } from "../api/shapes";

interface Common {
  /** What is said of an error that no connector has words for. */
  unexpected: (error: string) => string;
}

function tell(sentence: Sentence, strings: ChannelStrings, common: Common): string | undefined {
  const template = strings.sentences?.[sentence.code];
  if (template === undefined) {
    return sentence.code === "unexpected" ? common.unexpected(sentence.values["error"] ?? "") : undefined;
  }
  return template.replace(/\{([a-z_]+)\}/g, (place: string, name: string) => sentence.values[name] ?? place);
}

/** All sentences in the words of `strings`, or `otherwise` when there is none or one has no words there. */
export function tellAll(
  sentences: readonly Sentence[],
  strings: ChannelStrings,
  common: Common,
  otherwise: string,
): string {
  const told = sentences.map((sentence) => tell(sentence, strings, common));
  const whole = told.length > 0 && told.every((text) => text !== undefined);
  return whole ? told.join(" ") : otherwise;
}
