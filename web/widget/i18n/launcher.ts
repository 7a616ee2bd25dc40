/** The words that are there before the first touch, in all languages: they are few. */
export interface LauncherStrings {
  language: string;
  help: string;
  /** What the button does, beginning with what it shows. */
  open(label: string): string;
  unavailable: string;
  unread(count: number): string;
}

export const LAUNCHER: Record<string, LauncherStrings> & { es: LauncherStrings } = {
  es: {
    language: "es",
    help: "Ayuda",
    open: (label) => `${label}: abrir la conversación`,
    unavailable: "No se pudo abrir. Intente de nuevo.",
    unread: (count) => (count === 1 ? "1 mensaje sin leer" : `${count} mensajes sin leer`),
  },
  en: {
    language: "en",
    help: "Help",
    open: (label) => `${label}: open the conversation`,
    unavailable: "It could not open. Try again.",
    unread: (count) => (count === 1 ? "1 unread message" : `${count} unread messages`),
  },
  pt: {
    language: "pt",
    help: "Ajuda",
    open: (label) => `${label}: abrir a conversa`,
    unavailable: "Não foi possível abrir. Tente de novo.",
    unread: (count) => (count === 1 ? "1 mensagem não lida" : `${count} mensagens não lidas`),
  },
};
