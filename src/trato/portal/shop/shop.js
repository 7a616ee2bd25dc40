// What a shop's own page does with the widget: says who has signed in, and opens it from a button of its own.
const { identity, shopAccounts } = document.body.dataset;

document.addEventListener("trato:ready", () => {
  if (identity) window.Trato.identify(JSON.parse(identity));
  else if (shopAccounts !== undefined) window.Trato.identify(null);
});
document.querySelector(".ask").addEventListener("click", () => window.Trato?.open());
