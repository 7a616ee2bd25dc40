/** The desk's entry: words first, then who we are, then the page. */
import "@fontsource-variable/inter/wght.css";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import { mount } from "svelte";
import { me } from "./access/session.svelte";
import App from "./App.svelte";
import { speak } from "./i18n/index.svelte";
import { preferred } from "./i18n/languages";
import { sayInOurWords } from "./ui/validity";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
// Not awaited at the top: parts that are loaded meanwhile import from this file's chunk, and would wait for its end.
void Promise.all([speak(preferred(navigator.languages)), me.begin()]).then(() => {
  sayInOurWords(document);
  mount(App, { target });
});
