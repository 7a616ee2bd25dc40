import type { Words } from "./es";

const pt: Words = {
  title: "Incidentes",
  lead: "O que você declara aqui aparece na hora na central de ajuda, no chat e na mesa. Quando se resolve, avisamos quem pediu ou escreveu por isso.",
  strip: "Problemas conhecidos",
  declare: "Declarar um incidente",
  plan: "Programar uma manutenção",
  none: "Tudo funciona",
  noneNext: "Se algo falhar, declare: é melhor contar antes que perguntem.",
  past: "O que aconteceu antes",
  more: "Ver mais",
  edit: "Alterar",
  kinds: { incident: "Incidente", maintenance: "Manutenção" },
  phases: {
    suspected: "a confirmar",
    planned: "prevista",
    ongoing: "em andamento",
    resolved: "resolvido",
    dismissed: "descartado",
  },
  severities: { minor: "leve", major: "grave", critical: "crítico" },
  severity: "Gravidade",
  brand: "Marca",
  name: "O que falha, em poucas palavras",
  nameMaintenance: "O que será feito",
  noticed: "O que os clientes percebem",
  noticedHint: "Eles leem exatamente como você escrever.",
  otherLanguages: "Em outros idiomas",
  inLanguage: (label, language) => `${label} (${language})`,
  affects: "Afeta",
  words: "Como os clientes contam",
  wordsHint: "Uma frase por linha. As conversas que a disserem são vinculadas sozinhas.",
  from: "Começa",
  until: "Termina",
  zone: "Fuso horário",
  endsItself: "Termina sozinha nessa hora, sem que ninguém confirme",
  save: "Salvar",
  say: "Contar uma novidade",
  sayText: "O que há de novo",
  saySubmit: "Publicar",
  said: "A novidade está publicada.",
  resolve: "Resolver e avisar",
  resolveText: "O que foi feito",
  resolveHint: (people) =>
    people === 0
      ? "Ninguém espera um aviso ainda."
      : people === 1
        ? "1 pessoa que espera o aviso vai ler, com o caso dela citado."
        : `${people.toString()} pessoas que esperam o aviso vão ler, cada uma com seu caso citado.`,
  resolved: "Resolvido. Estamos avisando.",
  reopen: "Reabrir e avisar",
  reopenText: "O que voltou a falhar",
  reopenHint: (people: number) =>
    people === 0 ? "Ninguém recebeu o aviso de que estava resolvido." : people === 1 ? "Dizemos a 1 pessoa, avisada de que estava resolvido, que não está." : `Dizemos a ${people.toString()} pessoas, avisadas de que estava resolvido, que não está.`,
  reopened: "Reaberto. Estamos avisando.",
  again: "voltou a falhar",
  confirm: "Confirmar e publicar",
  dismiss: "Descartar",
  callOff: "Cancelar a manutenção",
  dismissAsk: "Deixa de aparecer. Ninguém é avisado.",
  story: "Novidades",
  noStory: "Ainda não se contou nada novo.",
  touches: "Conversas vinculadas",
  noTouches: "Nenhuma conversa fala disto ainda.",
  told: "Avisos",
  toldStates: { told: "avisado", waiting: "por avisar", unreachable: "não há como avisar", same: "avisado" },
  toldCount: (told, left, unreachable) =>
    [
      told === 1 ? "1 avisado" : `${told.toString()} avisados`,
      left ? `${left.toString()} por avisar` : "",
      unreachable ? `${unreachable.toString()} sem forma de avisar` : "",
    ]
      .filter(Boolean)
      .join(" · "),
  counts: (linked, followers) =>
    `${linked === 1 ? "1 conversa" : `${linked.toString()} conversas`} · ${
      followers === 1 ? "1 pessoa pediu aviso" : `${followers.toString()} pessoas pediram aviso`
    }`,
  since: (when) => `Desde ${when}`,
  services: "Serviços",
  servicesLead: "Produtos, sites e canais que podem falhar, como os clientes os chamam.",
  noServices: "Ainda não há serviços",
  noServicesNext: "Adicione os que seus clientes conhecem: a página de status diz quais estão afetados.",
  addService: "Adicionar um serviço",
  serviceName: "Nome",
  serviceKind: "Tipo",
  serviceKinds: { product: "Produto", site: "Site", channel: "Canal" },
  active: "Em uso",
  inactive: "fora de uso",
  panel: "Problema conhecido",
  byWords: (words) => `Porque diz: ${words}`,
  byHand: "Vinculada à mão",
  undo: "Não é por isto",
  undone: "Desvinculada. Não é vinculada de novo sozinha.",
  tellThem: "Avisar quando funcionar",
  follows: "Pediu para ser avisado",
  link: "Vincular a um problema conhecido",
  linked: "Vinculada: será avisado quando funcionar.",
};

export default pt;
