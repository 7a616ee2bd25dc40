/** Words of a person's history: calls, search in it, and who else looks. */
const es = {
  call: {
    title: "Llamada",
    lasted: (length: string) => `duró ${length}`,
    by: (name: string) => `atendió ${name}`,
    play: (length: string) => `Grabación${length ? `, ${length}` : ""}`,
    noRecording: "Sin grabación",
    transcript: "Transcripción",
    steps: "Lo que se oyó y se marcó",
    contact: "Cliente",
    failed: "La grabación no se pudo abrir.",
  },
  find: {
    label: "Buscar en el historial",
    words: "Palabras",
    date: "Ir a la fecha",
    count: (place: string, total: string) => `${place} de ${total}`,
    none: "No aparece en este historial.",
    older: "Anterior",
    newer: "Siguiente",
    close: "Cerrar la búsqueda",
  },
  missing: "Ese mensaje no está en este historial: se borró, pasó a otra persona o usted no puede verlo.",
  looking: (names: string, many: boolean) => `${names} también ${many ? "miran" : "mira"} esta conversación`,
  close: "Cerrar el aviso",
};

export type Words = typeof es;
export default es;
