/** The desk's entry: mounts the application into the page. */
import "@fontsource-variable/inter/wght.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
