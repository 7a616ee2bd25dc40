/** Words about the settings as one file. */
const es = {
  lead: "Todo lo que se configura, en un archivo que se lee y se compara: para guardarlo, revisarlo o llevarlo a otra instalación.",
  takeOut: "Descargar",
  takeOutLead:
    "Marcas, canales, colas, horarios, reglas, textos y lo demás, con sus nombres. No contiene contraseñas ni personas: a quien trabaja aquí se le nombra por su correo.",
  takeOutAct: "Descargar los ajustes",
  bringIn: "Importar",
  bringInLead:
    "Primero se muestra qué cambiaría. Se aplica todo o nada, y lo que el archivo no menciona queda como está.",
  choose: "Elegir archivo…",
  remove: "Quitar también lo que el archivo no tiene",
  removeHint: "Solo en las secciones que el archivo trae, y solo lo que se puede quitar en su página.",
  tooLarge: "Ese archivo es demasiado grande para ser de ajustes.",
  notText: "Ese archivo no es texto en UTF-8. Guárdelo como UTF-8 en su editor y elíjalo de nuevo.",
  again: "Ver de nuevo qué cambiaría",
  apply: (count: number) => (count === 1 ? "Aplicar 1 cambio" : `Aplicar ${count.toString()} cambios`),
  would: (made: number, changed: number, removed: number, same: number) =>
    `Nuevos: ${String(made)} · Cambian: ${String(changed)} · Se quitan: ${String(removed)} · Quedan igual: ${String(same)}`,
  done: (made: number, changed: number, removed: number) =>
    made + changed + removed === 0
      ? "Ya estaba todo así: no cambió nada."
      : `Listo. Nuevos: ${String(made)} · Cambiados: ${String(changed)} · Quitados: ${String(removed)}`,
  inTheWay: (count: number) =>
    count === 1 ? "Una entrada impide importar:" : `${count.toString()} entradas impiden importar:`,
  line: (line: number) => `Línea ${line.toString()}`,
  changes: "Cambios",
  before: "antes",
  after: "después",
  acts: { new: "nuevo", changed: "cambia", removed: "se quita" },
  awaited: "Los secretos no van en el archivo. Escríbalos en Canales; mientras falten, estas cuentas no se usan:",
  leftOut: "Se omitió lo que no está aquí; a un agente se le invita primero:",
  stay: "No está en el archivo y ninguna página lo quita:",
  secretOf: (what: string) => `Secreto de ${what}`,
  secretOnce: "Se muestra solo esta vez.",
  sections: {
    organisation: "Organización",
    brands: "Marcas",
    looks: "Aspecto",
    fields: "Campos",
    card_sources: "Tarjetas",
    accounts: "Canales",
    calendars: "Horarios",
    sites: "Sedes",
    teams: "Equipos",
    skills: "Habilidades",
    away_reasons: "Motivos de ausencia",
    channel_weights: "Peso de los canales",
    queues: "Colas",
    agents: "Agentes",
    tags: "Etiquetas",
    dispositions: "Resultados",
    macros: "Macros",
    sla_policies: "Plazos",
    rules: "Reglas",
    doors: "Responsables",
    services: "Servicios",
    help_centres: "Centros de ayuda",
    sections: "Secciones de ayuda",
    synonyms: "Sinónimos",
    webhooks: "Webhooks",
  } as Record<string, string>,
};
export default es;
