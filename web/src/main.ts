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
await Promise.all([speak(preferred(navigator.languages)), me.begin()]);
sayInOurWords(document);
mount(App, { target });
