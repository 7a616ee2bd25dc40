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
  },
  segment: {
    begin: (channel: string) => `Empieza una conversación por ${channel}`,
    end: (channel: string) => `Termina la conversación por ${channel}`,
    queue: (name: string) => `cola ${name}`,
    outcome: (name: string) => `resultado: ${name}`,
    by: (name: string) => `atendió ${name}`,
    lasted: (length: string) => `duró ${length}`,
  },
  player: {
    play: "Reproducir",
    pause: "Pausa",
    position: "Posición",
    at: (at: string, length: string) => (length ? `${at} de ${length}` : at),
    speed: "Velocidad",
    failed: "No se pudo abrir. Revise su conexión y vuelva a intentar.",
    gone: "Ya no está: se borró o falta en el almacén de archivos.",
    from: (at: string) => `Escuchar desde ${at}`,
    note: (name: string) => `Audio ${name}`,
  },
  picture: {
    enlarge: (name: string) => `Ampliar ${name}`,
    previous: "Imagen anterior",
    next: "Imagen siguiente",
    place: (place: number, of: number) => `${place.toString()} de ${of.toString()}`,
    failed: (name: string) => `${name} no se pudo mostrar.`,
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
