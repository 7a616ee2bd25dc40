// What a shop's own page does with the widget: says who has signed in, and opens it from a button of its own.
const { identity, shopAccounts } = document.body.dataset;

function sayWho() {
  if (identity) window.Trato.identify(JSON.parse(identity));
  else if (shopAccounts !== undefined) window.Trato.identify(null);
}

// The widget's script is asynchronous: it may have come before this one, or come after.
if (window.Trato) sayWho();
else document.addEventListener("trato:ready", sayWho, { once: true });
document.querySelector(".ask").addEventListener("click", () => window.Trato?.open());
