/** Words of the search over everything. */
import type es from "./es";

const pt: typeof es = {
  title: "Buscar",
  field: "O que você procura",
  placeholder: "Pessoa, caso, mensagem ou artigo",
  kinds: "O que é mostrado",
  all: "Tudo",
  kind: { contact: "Pessoas", case: "Casos", message: "Mensagens", article: "Artigos" },
  more: {
    contact: "Mais pessoas",
    case: "Mais casos",
    message: "Mais mensagens",
    article: "Mais artigos",
  },
  everything: (q: string) => `Todos os resultados de “${q}”`,
  count: (count: number, more: boolean) =>
    count === 0 ? "Nada corresponde" : `${more ? "Mais de " : ""}${count.toString()} ${count === 1 ? "resultado" : "resultados"}`,
  replaced: (word: string, typed: string) => `Buscamos “${word}” em vez de “${typed}”, que não aparece.`,
  meant: "Você quis dizer…?",
  reading: "O mais antigo ainda está sendo lido: pode faltar algo.",
  none: "Nada corresponde",
  noneNext: "Tente com menos palavras, um sobrenome, um telefone ou o número do caso.",
  empty: "Escreva o que lembrar",
  emptyNext: "Um nome, um telefone, o número de um caso ou algumas palavras de uma mensagem. Acentos não importam.",
  note: "nota",
  nowhere: "Ainda não há nenhuma conversa.",
};

export default pt;
