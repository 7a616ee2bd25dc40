/** Words of wrapping up and of going away. */
const es = {
  label: "Cierre de la conversación",
  title: (name: string) => `Cierre: ${name}`,
  lead: "Su lugar sigue ocupado hasta que termine.",
  left: (time: string) => `quedan ${time}`,
  disposition: "¿Cómo terminó?",
  asked: "Esta cola pide que se diga cómo terminó.",
  done: "Listo",
  moreTime: "Más tiempo",
  over: "El cierre terminó; lo que anotó quedó guardado.",
  away: "¿Por qué se ausenta?",
  awayLead: "Lo ve su equipo. Mientras tanto no recibe conversaciones nuevas.",
  awayReason: "Motivo",
  awaySubmit: "Ausentarme",
  dialog: {
    title: "Terminar la conversación",
    lead: "Si la persona escribe de nuevo, se reabre con todo su historial.",
    noProgress: "En este contacto no avanzó ningún paso ni se anotó nada nuevo. Si algo avanzó, anótelo antes de terminar.",
    hint: "Unas palabras: «cambio de equipo acordado», «faltaba la factura»…",
    done: "Conversación terminada.",
  },
};

export default es;
