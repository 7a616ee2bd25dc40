// What a shop's own pages do with the widget: all of it can be asked before the widget's script has come.
const trato = (...call) => (window.Trato ||= []).push(call);
const { identity, shopAccounts, context, order } = document.body.dataset;

if (identity) trato("identify", JSON.parse(identity));
else if (shopAccounts !== undefined) trato("identify", null);
if (context) trato("context", JSON.parse(context)); // where the visitor is
if (order) trato("order", JSON.parse(order)); // on the page that says thank you

document.querySelector(".ask")?.addEventListener("click", () => trato("open"));
// Somebody signs in while they fill in their order: nothing of the page is lost.
const signIn = document.querySelector(".sign-in");
signIn?.addEventListener("click", () => {
  trato("identify", JSON.parse(signIn.dataset.identity));
  // The page after this one says who they are too: to say nobody would forget their chat.
  const signedIn = Object.assign(document.createElement("input"), { type: "hidden", name: "signed_in", value: "true" });
  document.querySelector("form").append(signedIn);
  signIn.closest("p").textContent = "Ya ingresó.";
});
