// What was done on these pages stays in this tab; who opens the chat is asked whether to show it to the agent.
const KEPT = "trato-trail";
const MOST = 60;
const main = document.querySelector("main");

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) || [];
  } catch {
    return []; // forbidden by the browser, or not ours
  }
}

function keep(step) {
  const steps = read();
  const last = steps[steps.length - 1];
  const says = (one) => JSON.stringify([one.kind, one.text, one.outcome, one.slug, one.language]);
  if (last && step.kind !== "feedback" && says(last) === says(step)) return; // the page was only loaded again
  const at = new Date().toISOString();
  steps.push({ id: crypto.randomUUID(), at, ...step });
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(steps.slice(-MOST)));
  } catch {
    // then there is no trail
  }
}

let tell = () => {};
if (window.crypto && crypto.randomUUID && main) {
  const step = main.dataset.step && JSON.parse(main.dataset.step);
  const why = document.querySelector("form[data-why]");
  // A no is kept once its reason is there, or when the reader goes on without one.
  if (step && why) {
    let told = false;
    tell = () => {
      if (told) return;
      told = true;
      const said = new FormData(why);
      keep({ ...step, reason: said.get("reason") || null, text: said.get("words") || "" });
    };
    why.addEventListener("submit", tell);
    addEventListener("pagehide", tell);
  } else if (step) keep(step);
}

// A link to a person opens the chat on this page where there is one; without this script it is followed.
const talk = () => {
  tell();
  window.Trato.open({ text: (main && main.dataset.say) || "" });
};
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("[data-person]") : null;
  if (link && window.Trato && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    talk();
  }
});
// What only works with the chat is shown once it is there; who asked for a person has it opened.
const shown = () => {
  for (const one of document.querySelectorAll("[data-with-chat]")) one.hidden = !window.Trato;
  const opens = window.Trato && document.querySelector("[data-opens]");
  if (opens) {
    opens.removeAttribute("data-opens");
    talk();
  }
};
document.addEventListener("trato:ready", shown);
shown();
