/** The words of the search, in all languages: on a product's page they come without the rest. */
export interface SearchStrings {
  language: string;
  label: string;
  clear: string;
  title: (thing: string) => string;
  searching: string;
  found: (count: number) => string;
  unknown: string;
  perhaps: string;
  notNow: string;
  close: string;
  loading: string;
  gone: string;
  whole: string;
  newTab: string;
  solved: string;
  yes: string;
  no: string;
  thanks: string;
  sorry: string;
  person: string;
  /** What a person reads, in the visitor's voice. */
  say: (question: string, title: string) => string;
}

export const SEARCH: Record<string, SearchStrings> & { es: SearchStrings } = {
  es: {
    language: "es",
    label: "Busque una respuesta",
    clear: "Borrar la búsqueda",
    title: (thing) => (thing ? `Preguntas sobre ${thing}` : "¿Tiene alguna pregunta?"),
    searching: "Buscando",
    found: (count) => (count === 1 ? "1 respuesta" : `${count} respuestas`),
    unknown: "Todavía no tenemos escrita esa respuesta.",
    perhaps: "Quizás le sirva:",
    notNow: "Ahora no podemos buscar.",
    close: "Cerrar la respuesta",
    loading: "Un momento",
    gone: "No pudimos traer esta respuesta. Intente de nuevo.",
    whole: "Ver completo en otra pestaña",
    newTab: "Abrir en otra pestaña",
    solved: "¿Quedó resuelto?",
    yes: "Sí",
    no: "No",
    thanks: "Gracias por decirlo.",
    sorry: "Gracias. Una persona le ayuda con lo que falta.",
    person: "Hablar con una persona",
    say: (question, title) =>
      title
        ? question
          ? `Busqué «${question}» y leí «${title}», pero no quedó resuelto.`
          : `Leí «${title}» y no quedó resuelto.`
        : question
          ? `Busqué «${question}» y no encontré la respuesta.`
          : "",
  },
  en: {
    language: "en",
    label: "Search for an answer",
    clear: "Clear the search",
    title: (thing) => (thing ? `Questions about ${thing}` : "Do you have a question?"),
    searching: "Searching",
    found: (count) => (count === 1 ? "1 answer" : `${count} answers`),
    unknown: "We have not written that answer yet.",
    perhaps: "Perhaps this helps:",
    notNow: "We cannot search now.",
    close: "Close the answer",
    loading: "One moment",
    gone: "We could not fetch this answer. Try again.",
    whole: "See all of it in another tab",
    newTab: "Open in another tab",
    solved: "Is it solved?",
    yes: "Yes",
    no: "No",
    thanks: "Thank you for saying so.",
    sorry: "Thank you. A person helps with what is missing.",
    person: "Talk to a person",
    say: (question, title) =>
      title
        ? question
          ? `I searched “${question}” and read “${title}”, but it is not solved.`
          : `I read “${title}” and it is not solved.`
        : question
          ? `I searched “${question}” and did not find the answer.`
          : "",
  },
  pt: {
    language: "pt",
    label: "Busque uma resposta",
    clear: "Limpar a busca",
    title: (thing) => (thing ? `Perguntas sobre ${thing}` : "Tem alguma pergunta?"),
    searching: "Buscando",
    found: (count) => (count === 1 ? "1 resposta" : `${count} respostas`),
    unknown: "Ainda não temos essa resposta escrita.",
    perhaps: "Talvez ajude:",
    notNow: "Agora não podemos buscar.",
    close: "Fechar a resposta",
    loading: "Um momento",
    gone: "Não foi possível trazer esta resposta. Tente de novo.",
    whole: "Ver tudo em outra aba",
    newTab: "Abrir em outra aba",
    solved: "Ficou resolvido?",
    yes: "Sim",
    no: "Não",
    thanks: "Obrigado por dizer.",
    sorry: "Obrigado. Uma pessoa ajuda com o que falta.",
    person: "Falar com uma pessoa",
    say: (question, title) =>
      title
        ? question
          ? `Busquei “${question}” e li “${title}”, mas não ficou resolvido.`
          : `Li “${title}” e não ficou resolvido.`
        : question
          ? `Busquei “${question}” e não encontrei a resposta.`
          : "",
  },
};

export function searchStrings(tag: string): SearchStrings {
  return SEARCH[tag.toLowerCase().split(/[-_]/)[0] ?? ""] ?? SEARCH.es;
}
