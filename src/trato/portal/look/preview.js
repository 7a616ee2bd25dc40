/* The world around the real widget while its look is chosen: every answer is invented, and nothing leaves this page.
   The desk says how it looks by messages: {type: "look", look, greeting, brand, state, scheme}. */
(() => {
  "use strict";
  const language = document.documentElement.lang;
  const words = {
    es: {
      ask: "Hola, mi pedido todavía no llegó.",
      answer: "Hola, soy Sofía. Ya lo estoy consultando con el transportista.",
      thanks: "Gracias, espero.",
      last: "Está en camino: llega mañana antes de las 18.",
    },
    en: {
      ask: "Hello, my order has not arrived yet.",
      answer: "Hello, I am Sofía. I am looking at it with the carrier.",
      thanks: "Thank you, I will wait.",
      last: "It is on its way: it arrives tomorrow before 6 p.m.",
    },
    pt: {
      ask: "Olá, meu pedido ainda não chegou.",
      answer: "Olá, sou a Sofía. Já estou vendo com a transportadora.",
      thanks: "Obrigado, eu espero.",
      last: "Está a caminho: chega amanhã antes das 18h.",
    },
  }[language];

  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("trato:preview:")) localStorage.removeItem(name);
    }
  } catch {
    /* nothing is kept where nothing may be */
  }

  // The widget goes where one writes; here that would take the focus from the desk's form, so only who is here moves it.
  const isHere = () => parent.document.activeElement === window.frameElement;
  const { focus } = HTMLElement.prototype;
  const { show: showBeside, showModal } = HTMLDialogElement.prototype;
  HTMLElement.prototype.focus = function (...how) {
    if (isHere()) focus.apply(this, how);
  };
  HTMLDialogElement.prototype.show = function () {
    if (isHere()) showBeside.call(this);
    else this.setAttribute("open", "");
  };
  HTMLDialogElement.prototype.showModal = function () {
    if (isHere()) showModal.call(this);
    else this.setAttribute("open", "");
  };

  let told = null;
  let opened = false;
  let shown = "";
  let tell;
  const first = new Promise((resolve) => (tell = resolve));

  const worn = () => ({ ...told.look, theme: told.look.theme === "auto" ? told.scheme : told.look.theme });
  const json = (value) => new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });
  const minutesAgo = (minutes) => new Date(Date.now() - 60_000 * minutes).toISOString();

  function said(id, mine, text, minutes) {
    return {
      id, mine, text, at: minutesAgo(minutes), author: mine ? null : "Sofía", conversation_id: "preview",
      client_id: null, version: 1, marks: false, asks: null, attachments: [],
    };
  }

  function conversation() {
    const talking = told.state === "chat";
    if (!talking && told.state !== "waiting") return null;
    const messages = [said("1", true, words.ask, 6)];
    if (talking) {
      messages.push(said("2", false, words.answer, 5), said("3", true, words.thanks, 4), said("4", false, words.last, 1));
    }
    return {
      id: "preview", status: "open", agent: talking ? { name: "Sofía", picture: null } : null, beside: [], waiting: !talking,
      agent_read_at: minutesAgo(0), contact_read_at: minutesAgo(0), messages,
    };
  }

  function session() {
    const waits = told.state === "waiting";
    const long = { code: "between", low_min: 10, high_min: 15, opens_at: null };
    return {
      token: "preview", visitor_id: "preview", identified: false, identity_problem: null,
      greeting: { name: "", case: null, brand: told.brand, text: told.greeting || null },
      preference: { prefers: "unknown", channel: null, tone: null }, channels: [], email: null, owner: null,
      people: waits ? "busy" : "available", present: waits ? [] : [{ name: "Sofía", picture: null }],
      limits: { max_file_bytes: 10_000_000, max_text: 20_000, extensions: ["png", "jpg", "pdf"] },
      transcript: false, conversation: conversation(),
      wait: waits ? { position: 3, told: long, is_long: true, is_open: true, callback: null } : null,
      incidents: [], trail: { shared: false, days: 30 }, position: 1,
    };
  }

  async function visitor(path, init) {
    await first;
    if (told.state === "unreachable") throw new TypeError("unreachable, as asked");
    if (path === "session") return json(session());
    if (path === "incidents") return json({ items: [] });
    if (path === "callback/slots") return json({ items: [] });
    if (path === "answers" || path === "search") return json({ state: "unknown", items: [] });
    if (path === "live") return new Response(new ReadableStream(), { headers: { "Content-Type": "text/event-stream" } });
    if (path === "messages") {
      const { client_id, text } = JSON.parse(init.body);
      const message = { ...said(client_id, true, text, 0), client_id };
      const { messages: _, ...standing } = conversation() ?? { ...session().conversation, id: "preview" };
      return json({ message, conversation: { beside: [], status: "open", agent: null, waiting: true, ...standing }, people: "available", wait: null });
    }
    return new Response(null, { status: 204 });
  }

  const fetched = window.fetch.bind(window);
  window.fetch = async (asked, init) => {
    const { pathname } = new URL(typeof asked === "string" ? asked : asked.url, location.href);
    if (pathname.startsWith("/look/accounts/")) {
      await first;
      return json(worn());
    }
    const api = "/api/v1/visitor/";
    return pathname.startsWith(api) ? visitor(pathname.slice(api.length), init) : fetched(asked, init);
  };

  const ready = new Promise((resolve) => {
    if ("Trato" in window) resolve();
    else document.addEventListener("trato:ready", () => resolve(), { once: true });
  });

  function show() {
    document.documentElement.classList.toggle("dark", (worn().theme === "auto" ? told.scheme : worn().theme) === "dark");
    document.querySelector("trato-widget")?.dress();
    if (opened && shown !== told.greeting) Trato.identify({ userId: "preview", exp: Math.ceil(Date.now() / 1000) + 3600, signature: "0".repeat(64) });
    shown = told.greeting;
    if (opened || told.state === "closed") return;
    opened = true;
    Trato.open();
  }

  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== location.origin || event.data?.type !== "look") return;
    told = event.data;
    tell();
    void ready.then(show);
  });
  parent.postMessage({ type: "ready" }, location.origin);
})();
