import type es from "./es";

const words: typeof es = {
  panel: "No site",
  product: "Vê",
  step: "Está em",
  steps: {
    product: "a página do produto",
    cart: "o carrinho",
    checkout: "a compra",
    payment: "o pagamento",
    thanks: "a confirmação",
  },
  cart: "Carrinho",
  items: (n: number) => (n === 1 ? "1 item" : `${n} itens`),
  order: "Pedido",
  language: "Idioma",
  page: "Página",
  ordered: (number: string, total: string) => `Comprou depois: ${number}, ${total}`,
  withoutNumber: "pedido sem número",
  title: "Pedidos com ajuda",
  lead: "Quantos pedidos dos seus sites vieram depois de ajudar quem comprou, e com que ajuda.",
  span: "Período",
  days: (n: number) => (n === 365 ? "Último ano" : `Últimos ${n} dias`),
  none: "Ainda não há pedidos",
  noneHint: "Seu site os informa na página de agradecimento, com uma linha: está no guia da página do site.",
  helpedOf: (all: string, share: string) => `de ${all} pedidos vieram depois de uma ajuda (${share}).`,
  amounts: "Valores dos pedidos com ajuda",
  orders: (n: number) => (n === 1 ? "1 pedido" : `${n} pedidos`),
  byKind: "Pedidos por tipo de ajuda",
  kind: "Ajuda",
  people: "Pessoas",
  ordersHead: "Pedidos",
  conversion: "Compraram",
  kinds: {
    search: "Abriu uma resposta da busca",
    chat: "Uma pessoa respondeu no chat",
    callback: "Escrevemos ou ligamos",
  },
  definition: (days: number) =>
    `Um pedido conta uma vez pelo número, como a página o informa. Vem com ajuda se quem comprou a teve nos ${days} dias anteriores: abriu uma resposta da busca, recebeu uma resposta no chat, ou escrevemos ou ligamos como tinha pedido. Com várias ajudas conta em cada uma, e uma só vez no total. “Compraram” são pedidos para cada cem pessoas com essa ajuda no período, nos sites que informam pedidos; quem compra duas vezes conta duas.`,
};
export default words;
