import type { Words } from "./es";

/** Words of what a customer tried alone. */
const pt: Words = {
  label: "Por conta própria",
  searched: (question, outcome) =>
    outcome === "answered"
      ? `Buscou “${question}”. Foi mostrado`
      : outcome === "not_now"
        ? `Buscou “${question}”, e a busca não funcionava`
        : `Buscou “${question}”, sem resposta`,
  read: "Leu",
  solved: "Disse que resolveu",
  unsolved: "Disse que não resolveu",
  reasons: {
    unclear: "não dá para entender",
    wrong: "algo não é assim",
    incomplete: "falta um passo ou um dado",
    another_matter: "o problema é outro",
    other: "outra coisa",
  },
  page: "Esteve em",
  failures: {
    script: "O programa da página falhou em",
    request: "Uma página não teve resposta do servidor:",
    clicks: "Clicou várias vezes sem efeito em",
  },
  failing: {
    label: "Páginas que falham",
    what: (page, visitors) => `Possível incidente: ${page} falha. ${visitors.toString()} visitantes diferentes notaram.`,
    kinds: {
      script: (what, line) => `Erro de programa${what ? ` em ${what}` : ""}${line ? `, linha ${line.toString()}` : ""}.`,
      request: (what, status) => (status ? `${what} responde ${status.toString()}.` : `${what} não responde.`),
      clicks: () => "Clicam várias vezes e nada acontece.",
    },
    since: (when) => `Desde ${when}.`,
    open: "Abrir a página",
    incident: "Ver o incidente",
    putAway: "Dispensar o aviso",
    putAwayDone: "O aviso não é mais mostrado. Volta se ocorrer mais tarde.",
  },
};

export default pt;
