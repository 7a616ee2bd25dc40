import type es from "./es";

const pt: typeof es = {
  lead: "Tudo o que se configura, em um arquivo que se lê e se compara: para guardar, revisar ou levar a outra instalação.",
  takeOut: "Baixar",
  takeOutLead:
    "Marcas, canais, filas, horários, regras, textos e o restante, com seus nomes. Não contém senhas nem pessoas: quem trabalha aqui é indicado pelo e-mail.",
  takeOutAct: "Baixar as configurações",
  bringIn: "Importar",
  bringInLead:
    "Primeiro se mostra o que mudaria. Tudo é aplicado ou nada, e o que o arquivo não menciona fica como está.",
  choose: "Escolher arquivo…",
  remove: "Remover também o que o arquivo não tem",
  removeHint: "Só nas seções que o arquivo traz, e só o que a própria página pode remover.",
  tooLarge: "Esse arquivo é grande demais para ser de configurações.",
  notText: "Esse arquivo não é texto em UTF-8. Salve-o como UTF-8 no seu editor e escolha-o de novo.",
  again: "Ver de novo o que mudaria",
  apply: (count: number) => (count === 1 ? "Aplicar 1 mudança" : `Aplicar ${count.toString()} mudanças`),
  would: (made: number, changed: number, removed: number, same: number) =>
    `Novos: ${String(made)} · Mudam: ${String(changed)} · Removidos: ${String(removed)} · Ficam iguais: ${String(same)}`,
  done: (made: number, changed: number, removed: number) =>
    made + changed + removed === 0
      ? "Já estava tudo assim: nada mudou."
      : `Pronto. Novos: ${String(made)} · Alterados: ${String(changed)} · Removidos: ${String(removed)}`,
  inTheWay: (count: number) =>
    count === 1 ? "Uma entrada impede a importação:" : `${count.toString()} entradas impedem a importação:`,
  line: (line: number) => `Linha ${line.toString()}`,
  changes: "Mudanças",
  before: "antes",
  after: "depois",
  acts: { new: "novo", changed: "muda", removed: "é removido" },
  awaited:
    "Os segredos não vão no arquivo. Digite-os em Canais; enquanto faltarem, estas contas não são usadas:",
  leftOut: "Ficou de fora o que não está aqui; um agente é convidado primeiro:",
  stay: "Não está no arquivo e nenhuma página remove:",
  secretOf: (what: string) => `Segredo de ${what}`,
  secretOnce: "Mostrado só desta vez.",
  sections: {
    organisation: "Organização",
    brands: "Marcas",
    looks: "Aparência",
    fields: "Campos",
    card_sources: "Cartões",
    accounts: "Canais",
    calendars: "Horários",
    sites: "Locais",
    teams: "Equipes",
    skills: "Habilidades",
    away_reasons: "Motivos de ausência",
    channel_weights: "Peso dos canais",
    queues: "Filas",
    agents: "Agentes",
    tags: "Etiquetas",
    dispositions: "Resultados",
    macros: "Macros",
    sla_policies: "Prazos",
    rules: "Regras",
    doors: "Responsáveis",
    services: "Serviços",
    help_centres: "Centrais de ajuda",
    sections: "Seções de ajuda",
    synonyms: "Sinônimos",
    webhooks: "Webhooks",
  },
};
export default pt;
