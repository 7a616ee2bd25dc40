import type { Words } from "./es";

const pt: Words = {
  call: {
    title: "Chamada",
    lasted: (length: string) => `durou ${length}`,
    by: (name: string) => `atendida por ${name}`,
    play: (length: string) => `Gravação${length ? `, ${length}` : ""}`,
    noRecording: "Sem gravação",
    transcript: "Transcrição",
    steps: "O que foi ouvido e digitado",
    contact: "Cliente",
    failed: "Não foi possível abrir a gravação.",
  },
  find: {
    label: "Buscar no histórico",
    words: "Palavras",
    date: "Ir para a data",
    count: (place: string, total: string) => `${place} de ${total}`,
    none: "Não aparece neste histórico.",
    older: "Anterior",
    newer: "Próxima",
    close: "Fechar a busca",
  },
  missing: "Essa mensagem não está neste histórico: foi apagada, passou para outra pessoa ou você não pode vê-la.",
  looking: (names: string, many: boolean) => `${names} também ${many ? "olham" : "olha"} esta conversa`,
  close: "Fechar o aviso",
};

export default pt;
