import type { Words } from "./es";

/** Words of pages that customers report as broken. */
const pt: Words = {
  title: "Páginas que não funcionam",
  lead: "O que os clientes avisaram. Os avisos de uma mesma página ficam juntos.",
  show: "Mostrar",
  states: { open: "A consertar", mended: "Consertadas", dropped: "Não falhavam" },
  times: (count) => (count === 1 ? "1 pessoa avisou" : `${count.toString()} avisos`),
  more: "Mais",
  none: "Nenhuma página",
  noneNext: "Quando alguém avisar que uma página não funciona, ela aparece aqui e entre as tarefas de quem responde por ela.",
  all: "Todas as páginas",
  open: "Abrir a página",
  article: "Ver o artigo",
  said: "O que disseram",
  told: "já sabe",
  waits: "será avisado quando funcionar",
  unreachable: "não deixou contato",
  screenshot: "Captura de tela",
  conversation: "Abrir a conversa",
  mended: "Já está consertada",
  mendedLead: "Quem avisou fica sabendo, por onde avisou. Se quiser, conte o que foi consertado.",
  note: "O que foi consertado (opcional)",
  tell: "Avisar que funciona",
  mendedDone: "Pronto. Quem avisou já sabe.",
  drop: "Não falhava",
  dropped: "Pronto. Ninguém recebe mensagem.",
};

export default pt;
