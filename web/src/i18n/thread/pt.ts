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
  },
  segment: {
    begin: (channel) => `Começa uma conversa por ${channel}`,
    end: (channel) => `Termina a conversa por ${channel}`,
    queue: (name) => `fila ${name}`,
    outcome: (name) => `resultado: ${name}`,
    by: (name) => `atendida por ${name}`,
    lasted: (length) => `durou ${length}`,
  },
  player: {
    play: "Reproduzir",
    pause: "Pausar",
    position: "Posição",
    at: (at, length) => (length ? `${at} de ${length}` : at),
    speed: "Velocidade",
    failed: "Não foi possível abrir. Verifique sua conexão e tente de novo.",
    gone: "Não está mais disponível: foi apagado ou falta no armazenamento de arquivos.",
    from: (at) => `Ouvir a partir de ${at}`,
    note: (name) => `Áudio ${name}`,
  },
  picture: {
    enlarge: (name) => `Ampliar ${name}`,
    previous: "Imagem anterior",
    next: "Próxima imagem",
    place: (place, of) => `${place.toString()} de ${of.toString()}`,
    failed: (name) => `Não foi possível mostrar ${name}.`,
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
