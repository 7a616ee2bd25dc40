/** Words of wrapping up and of going away. */
import type es from "./es";

const pt: typeof es = {
  label: "Encerramento da conversa",
  title: (name) => `Encerramento: ${name}`,
  lead: "O seu lugar continua ocupado até terminar.",
  left: (time) => `restam ${time}`,
  disposition: "Como terminou?",
  asked: "Esta fila pede que se diga como terminou.",
  done: "Pronto",
  moreTime: "Mais tempo",
  over: "O encerramento terminou; o que você anotou ficou salvo.",
  away: "Por que vai se ausentar?",
  awayLead: "A sua equipe vê. Enquanto isso você não recebe conversas novas.",
  awayReason: "Motivo",
  awaySubmit: "Ausentar-me",
  dialog: {
    title: "Encerrar a conversa",
    lead: "Se a pessoa escrever de novo, ela reabre com todo o histórico.",
    noProgress: "Neste contato nenhum passo avançou e nada novo foi anotado. Se algo avançou, anote antes de encerrar.",
    hint: "Poucas palavras: “troca combinada”, “faltava a nota fiscal”…",
    done: "Conversa encerrada.",
  },
};

export default pt;
