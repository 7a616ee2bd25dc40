/** What is told on a page that fails; fetched with the watch alone. */
export interface FailingStrings {
  title: string;
  detail: string;
  tell: string;
  person: string;
  close: string;
  /** What a person reads, in the visitor's voice. */
  say: (page: string) => string;
  expected: string;
}

export const FAILING: Record<string, FailingStrings> & { es: FailingStrings } = {
  es: {
    title: "Esta página está fallando. No es usted.",
    detail: "Lo que usted hizo está bien: la página no respondió como debía.",
    tell: "Avíseme cuando funcione",
    person: "Hablar con una persona",
    close: "Cerrar este aviso",
    say: (page) => `La página ${page} está fallando.`,
    expected: "La página no responde como debería.",
  },
  en: {
    title: "This page is failing. It is not you.",
    detail: "What you did is right: the page did not answer as it should.",
    tell: "Tell me when it works",
    person: "Talk to a person",
    close: "Close this notice",
    say: (page) => `The page ${page} is failing.`,
    expected: "The page does not respond as it should.",
  },
  pt: {
    title: "Esta página está falhando. Não é você.",
    detail: "O que você fez está certo: a página não respondeu como devia.",
    tell: "Avise quando funcionar",
    person: "Falar com uma pessoa",
    close: "Fechar este aviso",
    say: (page) => `A página ${page} está falhando.`,
    expected: "A página não responde como deveria.",
  },
};
