/** Words of the search over everything. */
const es = {
  title: "Buscar",
  field: "Qué busca",
  placeholder: "Persona, caso, mensaje o artículo",
  kinds: "Qué se muestra",
  all: "Todo",
  kind: { contact: "Personas", case: "Casos", message: "Mensajes", article: "Artículos" },
  more: {
    contact: "Más personas",
    case: "Más casos",
    message: "Más mensajes",
    article: "Más artículos",
  },
  everything: (q: string) => `Todos los resultados de «${q}»`,
  count: (count: number, more: boolean) =>
    count === 0 ? "Nada coincide" : `${more ? "Más de " : ""}${count.toString()} ${count === 1 ? "resultado" : "resultados"}`,
  replaced: (word: string, typed: string) => `Se buscó «${word}» en lugar de «${typed}», que no aparece.`,
  meant: "¿Quiso decir…?",
  reading: "Lo más antiguo todavía se está leyendo: puede faltar algo.",
  none: "Nada coincide",
  noneNext: "Pruebe con menos palabras, un apellido, un teléfono o el número del caso.",
  empty: "Escriba lo que recuerde",
  emptyNext: "Un nombre, un teléfono, un número de caso o algunas palabras de un mensaje. No hacen falta tildes.",
  note: "nota",
  nowhere: "Todavía no tiene ninguna conversación.",
};

export default es;
