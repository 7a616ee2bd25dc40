/** Words of incidents: the strip on the desk, the screen of supervisors, what touches a conversation. */
const es = {
  title: "Incidentes",
  lead: "Lo que declare aquí se ve enseguida en el centro de ayuda, en el chat y en el escritorio. Cuando se resuelve, avisamos a quienes lo pidieron o escribieron por eso.",
  strip: "Problemas conocidos",
  declare: "Declarar un incidente",
  plan: "Programar un mantenimiento",
  none: "Todo funciona",
  noneNext: "Si algo falla, declárelo: es mejor contarlo antes de que lo pregunten.",
  past: "Lo que pasó antes",
  more: "Ver más",
  edit: "Cambiar",
  kinds: { incident: "Incidente", maintenance: "Mantenimiento" },
  phases: {
    suspected: "por confirmar",
    planned: "previsto",
    ongoing: "en curso",
    resolved: "resuelto",
    dismissed: "descartado",
  },
  severities: { minor: "leve", major: "grave", critical: "crítico" },
  severity: "Gravedad",
  brand: "Marca",
  name: "Qué falla, en pocas palabras",
  nameMaintenance: "Qué se va a hacer",
  noticed: "Qué notan los clientes",
  noticedHint: "Lo leen tal como lo escriba.",
  otherLanguages: "En otros idiomas",
  inLanguage: (label: string, language: string) => `${label} (${language})`,
  affects: "Afecta a",
  words: "Cómo lo cuentan los clientes",
  wordsHint: "Una frase por línea. Las conversaciones que la digan se vinculan solas.",
  from: "Empieza",
  until: "Termina",
  zone: "Zona horaria",
  endsItself: "Termina solo a esa hora, sin que nadie lo confirme",
  save: "Guardar",
  say: "Contar una novedad",
  sayText: "Qué hay de nuevo",
  saySubmit: "Publicar",
  said: "La novedad está publicada.",
  resolve: "Resolver y avisar",
  resolveText: "Qué se hizo",
  resolveHint: (people: number) =>
    people === 0
      ? "Todavía nadie espera un aviso."
      : people === 1
        ? "Lo lee 1 persona que espera el aviso, con su caso nombrado."
        : `Lo leen ${people.toString()} personas que esperan el aviso, cada una con su caso nombrado.`,
  resolved: "Resuelto. Estamos avisando.",
  reopen: "Reabrir y avisar",
  reopenText: "Qué volvió a fallar",
  reopenHint: (people: number) =>
    people === 0 ? "Nadie recibió el aviso de que estaba resuelto." : people === 1 ? "Le decimos a 1 persona, a la que avisamos que estaba resuelto, que no es así." : `Les decimos a ${people.toString()} personas, a las que avisamos que estaba resuelto, que no es así.`,
  reopened: "Reabierto. Estamos avisando.",
  again: "volvió a fallar",
  confirm: "Confirmar y publicar",
  dismiss: "Descartar",
  callOff: "Cancelar el mantenimiento",
  dismissAsk: "Deja de mostrarse. No se avisa a nadie.",
  story: "Novedades",
  noStory: "Todavía no se contó nada nuevo.",
  touches: "Conversaciones vinculadas",
  noTouches: "Ninguna conversación habla de esto todavía.",
  told: "Avisos",
  toldStates: { told: "avisado", waiting: "por avisar", unreachable: "no hay cómo avisarle", same: "avisado" },
  toldCount: (told: number, left: number, unreachable: number) =>
    [
      told === 1 ? "1 avisado" : `${told.toString()} avisados`,
      left ? `${left.toString()} por avisar` : "",
      unreachable ? `${unreachable.toString()} sin forma de avisarles` : "",
    ]
      .filter(Boolean)
      .join(" · "),
  counts: (linked: number, followers: number) =>
    `${linked === 1 ? "1 conversación" : `${linked.toString()} conversaciones`} · ${
      followers === 1 ? "1 persona pidió aviso" : `${followers.toString()} personas pidieron aviso`
    }`,
  since: (when: string) => `Desde ${when}`,
  services: "Servicios",
  servicesLead: "Productos, sitios y canales que pueden fallar, como los llaman los clientes.",
  noServices: "Todavía no hay servicios",
  noServicesNext: "Agregue los que sus clientes conocen: la página de estado dice cuáles están afectados.",
  addService: "Agregar un servicio",
  serviceName: "Nombre",
  serviceKind: "Tipo",
  serviceKinds: { product: "Producto", site: "Sitio", channel: "Canal" },
  active: "En uso",
  inactive: "fuera de uso",
  panel: "Problema conocido",
  byWords: (words: string) => `Porque dice: ${words}`,
  byHand: "Vinculada a mano",
  undo: "No es por esto",
  undone: "Desvinculada. No se vuelve a vincular sola.",
  tellThem: "Avisarle cuando funcione",
  follows: "Pidió que le avisemos",
  link: "Vincular a un problema conocido",
  linked: "Vinculada: se le avisa cuando funcione.",
};

export type Words = typeof es;
export default es;
