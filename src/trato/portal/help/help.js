// A link to a person opens the chat on this page where there is one; without this script it is followed.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("[data-person]") : null;
  if (link && window.Trato && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    window.Trato.open();
  }
});
// What only works with the chat is shown once it is there.
const shown = () => {
  for (const one of document.querySelectorAll("[data-with-chat]")) one.hidden = !window.Trato;
};
document.addEventListener("trato:ready", shown);
shown();
