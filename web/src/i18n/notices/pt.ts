import type { Words } from "./es";

/** Words of notices about routing, for who supervises. */
const pt: Words = {
  label: "Avisos da distribuição",
  someone: "Uma pessoa",
  andMore: (name, more) => `${name} e mais ${more.toString()}`,
  what: {
    stranded: (who, many) => `${who} ${many ? "esperam" : "espera"} embora haja quem possa atender.`,
    forgotten: (who, many) => `${who} ${many ? "esperam" : "espera"} resposta fora da fila e sem ninguém responsável.`,
    two_agents: (who) => `Dois agentes estão ao mesmo tempo com a conversa de ${who}.`,
    over_capacity: (who, many) => `${who} ${many ? "têm" : "tem"} mais do que a capacidade permite.`,
    overdue: (who) => `A oferta da conversa de ${who} continua de pé depois do prazo.`,
    books: (who) => `As contas da distribuição não batem: ${who}.`,
    nobody_knows: (queue, skill) => `Alguém espera em ${queue}, e ninguém sabe ${skill}.`,
  },
  todo: {
    stranded: "Abra a conversa e atribua-a.",
    forgotten: "Abra a conversa e atribua-a.",
    two_agents: "Combinem quem continua, e que a outra pessoa a transfira.",
    over_capacity: "Passe uma parte a outra pessoa.",
    overdue: "Atribua-a e avise quem administra a instalação: trato doctor diz se a distribuição está funcionando.",
    books: "Avise quem administra a instalação: trato doctor traz os detalhes.",
    nobody_knows: "Dê essa habilidade a alguém ou mude o que a fila pede.",
  },
  open: {
    conversation: (name) => `Abrir a conversa de ${name}`,
    unnamed: "Abrir a conversa",
    agent: "Ver os agentes",
    queue: "Ver as filas",
    skill: "Ver as habilidades",
  },
  putAway: "Retirar o aviso",
  putAwayDone: "O aviso não é mais mostrado a ninguém. Volta se acontecer de novo.",
  more: (count) => `Ver mais ${count.toString()}`,
  fewer: "Ver menos",
};

export default pt;
