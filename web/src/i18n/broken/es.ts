/** Words of pages that customers report as broken. */
const es = {
  title: "Páginas que no funcionan",
  lead: "Lo que avisaron los clientes. Los avisos de una misma página van juntos.",
  show: "Mostrar",
  states: { open: "Por arreglar", mended: "Arregladas", dropped: "No fallaban" },
  times: (count: number) => (count === 1 ? "1 persona avisó" : `${count.toString()} avisos`),
  more: "Más",
  none: "Ninguna página",
  noneNext: "Cuando alguien avise que una página no funciona, aparece aquí y entre las tareas de quien responde por ella.",
  all: "Todas las páginas",
  open: "Abrir la página",
  article: "Ver el artículo",
  said: "Lo que dijeron",
  told: "ya lo sabe",
  waits: "se le avisa cuando funcione",
  unreachable: "no dejó dónde avisarle",
  screenshot: "Captura de pantalla",
  conversation: "Abrir la conversación",
  mended: "Ya está arreglada",
  mendedLead: "Se les dice a quienes avisaron, por donde lo hicieron. Si quiere, cuente qué se arregló.",
  note: "Qué se arregló (opcional)",
  tell: "Avisar que funciona",
  mendedDone: "Listo. Quienes avisaron ya lo saben.",
  drop: "No fallaba",
  dropped: "Listo. No se le escribe a nadie.",
};

export type Words = typeof es;
export default es;
