/** Words of what a customer tried alone. */
import type { TrailStep } from "../../api/trail";

const es = {
  label: "Por su cuenta",
  searched: (question: string, outcome: TrailStep["outcome"]) =>
    outcome === "answered"
      ? `Buscó «${question}». Se le mostró`
      : outcome === "not_now"
        ? `Buscó «${question}», y la búsqueda no funcionaba`
        : `Buscó «${question}», sin respuesta`,
  read: "Leyó",
  solved: "Dijo que lo resolvió",
  unsolved: "Dijo que no lo resolvió",
  reasons: {
    unclear: "no se entiende",
    wrong: "hay algo que no es así",
    incomplete: "falta un paso o un dato",
    another_matter: "su problema es otro",
    other: "otra cosa",
  },
  page: "Estuvo en",
  failures: {
    script: "Falló un programa en",
    request: "Una página no obtuvo respuesta del servidor:",
    clicks: "Hizo clic varias veces sin resultado en",
  },
  failing: {
    label: "Páginas que fallan",
    what: (page: string, visitors: number) =>
      `Posible incidente: ${page} falla. Lo notaron ${visitors.toString()} visitantes distintos.`,
    kinds: {
      script: (what: string, line: number | null) =>
        `Error de programa${what ? ` en ${what}` : ""}${line ? `, línea ${line.toString()}` : ""}.`,
      request: (what: string, status: number | null) =>
        status ? `${what} contesta ${status.toString()}.` : `${what} no contesta.`,
      clicks: () => "Hacen clic una y otra vez y no pasa nada.",
    },
    since: (when: string) => `Desde el ${when}.`,
    open: "Abrir la página",
    incident: "Ver el incidente",
    putAway: "Quitar el aviso",
    putAwayDone: "El aviso ya no se muestra a nadie. Vuelve si ocurre más tarde.",
  },
};

export type Words = typeof es;
export default es;
