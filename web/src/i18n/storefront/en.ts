import type es from "./es";

const words: typeof es = {
  panel: "On the site",
  product: "Looks at",
  step: "Is at",
  steps: {
    product: "the product's page",
    cart: "the cart",
    checkout: "the checkout",
    payment: "the payment",
    thanks: "the confirmation",
  },
  cart: "Cart",
  items: (n: number) => (n === 1 ? "1 item" : `${n} items`),
  order: "Order",
  language: "Language",
  page: "Page",
  ordered: (number: string, total: string) => `Ordered afterwards: ${number}, ${total}`,
  withoutNumber: "an order without a number",
  title: "Orders after help",
  lead: "How many orders of your sites came after whoever ordered was helped, and with what help.",
  span: "Period",
  days: (n: number) => (n === 365 ? "The last year" : `The last ${n} days`),
  none: "There are no orders yet",
  noneHint: "Your site tells them on its page that says thank you, with one line: the guide to the host page has it.",
  helpedOf: (all: string, share: string) => `of ${all} orders came after help (${share}).`,
  amounts: "Amounts of the orders after help",
  orders: (n: number) => (n === 1 ? "1 order" : `${n} orders`),
  byKind: "Orders by kind of help",
  kind: "Help",
  people: "People",
  ordersHead: "Orders",
  conversion: "Ordered",
  kinds: {
    search: "Opened an answer of the search",
    chat: "A person answered in the chat",
    callback: "We wrote or called",
  },
  definition: (days: number) =>
    `An order counts once by its number, as the page tells it. It comes after help if whoever ordered had it in the ${days} days before: opened an answer of the search, got an answer in the chat, or was written or called as they had asked. With several kinds it counts with each, and once in the total. “Ordered” is orders for each hundred people with that help in the period, on the sites that tell orders; who orders twice counts twice.`,
};
export default words;
