/** The words that are there before the first touch, in all languages: they are few. */
export interface LauncherStrings {
  language: string;
  help: string;
  /** What the button does, beginning with what it shows. */
  open(label: string): string;
  opening: string;
  unavailable: string;
  write: string;
  keep: string;
  kept: string;
  unread(count: number): string;
}

export const LAUNCHER: Record<string, LauncherStrings> & { es: LauncherStrings } = {
  es: {
    language: "es",
    help: "Ayuda",
    open: (label) => `${label}: abrir la conversación`,
    opening: "Abriendo",
    unavailable: "No se pudo abrir. Intente de nuevo.",
    write: "Escriba aquí su mensaje",
    keep: "Guardar y enviar al volver",
    kept: "Guardado. Se envía solo cuando vuelva la conexión.",
    unread: (count) => (count === 1 ? "1 mensaje sin leer" : `${count} mensajes sin leer`),
  },
  en: {
    language: "en",
    help: "Help",
    open: (label) => `${label}: open the conversation`,
    opening: "Opening",
    unavailable: "It could not open. Try again.",
    write: "Write your message here",
    keep: "Keep it and send it later",
    kept: "Kept. It is sent by itself once there is a connection.",
    unread: (count) => (count === 1 ? "1 unread message" : `${count} unread messages`),
  },
  pt: {
    language: "pt",
    help: "Ajuda",
    open: (label) => `${label}: abrir a conversa`,
    opening: "Abrindo",
    unavailable: "Não foi possível abrir. Tente de novo.",
    write: "Escreva aqui sua mensagem",
    keep: "Guardar e enviar quando voltar",
    kept: "Guardado. É enviado sozinho quando a conexão voltar.",
    unread: (count) => (count === 1 ? "1 mensagem não lida" : `${count} mensagens não lidas`),
  },
};
