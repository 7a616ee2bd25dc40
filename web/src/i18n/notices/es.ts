/** Words of notices about routing, for who supervises. */
const es = {
  label: "Avisos del reparto",
  someone: "Una persona",
  andMore: (name: string, more: number) => `${name} y ${more.toString()} más`,
  what: {
    stranded: (who: string, many: boolean) =>
      `${who} ${many ? "esperan" : "espera"} aunque hay quien puede atender.`,
    forgotten: (who: string, many: boolean) =>
      `${who} ${many ? "esperan" : "espera"} respuesta sin estar en la fila ni a cargo de nadie.`,
    two_agents: (who: string) => `Dos agentes tienen a la vez la conversación de ${who}.`,
    over_capacity: (who: string, many: boolean) =>
      `${who} ${many ? "tienen" : "tiene"} más de lo que admite su capacidad.`,
    overdue: (who: string) => `La oferta de la conversación de ${who} sigue en pie después de su plazo.`,
    books: (who: string) => `Las cuentas del reparto no cuadran: ${who}.`,
    nobody_knows: (queue: string, skill: string) => `Alguien espera en ${queue} y nadie sabe ${skill}.`,
  },
  todo: {
    stranded: "Abra la conversación y asígnela.",
    forgotten: "Abra la conversación y asígnela.",
    two_agents: "Acuerden quién sigue, y que la otra persona la transfiera.",
    over_capacity: "Pase a otra persona algo de lo que tiene.",
    overdue: "Asígnela, y avise a quien administra la instalación: trato doctor dice si el reparto está en marcha.",
    books: "Avise a quien administra la instalación: trato doctor lo detalla.",
    nobody_knows: "Dé esa habilidad a alguien o cambie lo que pide la cola.",
  },
  open: {
    conversation: (name: string) => `Abrir la conversación de ${name}`,
    unnamed: "Abrir la conversación",
    agent: "Ver los agentes",
    queue: "Ver las colas",
    skill: "Ver las habilidades",
  },
  putAway: "Quitar el aviso",
  putAwayDone: "El aviso ya no se muestra a nadie. Vuelve si ocurre de nuevo.",
  more: (count: number) => `Ver ${count.toString()} más`,
  fewer: "Ver menos",
};

export type Words = typeof es;
export default es;
