/* Put into the desk by `trato bench soak`: counts the events it hears, and times from a key to what it shows. */
(() => {
  const rows = () => [...document.querySelectorAll('a.row[href^="/c/"]')];
  const chosen = () => document.querySelector('a.row[aria-current="true"]')?.getAttribute("href");
  const log = () => document.querySelector('[role="log"]');
  const dialog = () => document.querySelector('[role="dialog"]');
  const writing = () => document.querySelector(".composer textarea");

  /* What has to be on the page for an act to have answered; `told` is what the act was given. */
  const SHOWN = {
    moved: (told) => chosen() !== told && location.pathname === chosen() && log() !== null,
    opened: (told) => location.pathname === told && chosen() === told && log() !== null,
    listed: () => location.pathname === "/",
    window: () => dialog() !== null,
    closed: () => dialog() === null,
    writes: () => document.activeElement !== null && document.activeElement === writing(),
    letters: (told) => writing()?.value === told,
    finds: () => document.activeElement?.matches("search input") ?? false,
    said: (told) => log()?.innerText.includes(told) ?? false,
  };

  /* What there was instead when an act was not answered. */
  const stood = () => {
    const focus = document.activeElement;
    const parts = [`at ${location.pathname}`, `row ${chosen() ?? "none"} of ${rows().length}`];
    parts.push(log() ? "a thread" : "no thread", dialog() ? "a window" : "no window");
    return [...parts, `focus on ${focus?.localName ?? "nothing"}`].join(", ");
  };

  /* Looks when a frame is made, and answers when it is out. */
  const frame = (look) =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        const holds = look();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done([holds, performance.now()]);
        port2.postMessage(0);
      });
    });

  const soak = { heard: 0, last: 0, gaps: 0, result: Promise.resolve(null) };

  /* The next key that is no modifier is timed: to the next frame (`paint`), and to what it shows (`shown`). */
  soak.arm = ([shown, told]) => {
    soak.result = new Promise((done) => {
      const pressed = async (event) => {
        if (["Control", "Meta", "Shift", "Alt"].includes(event.key)) return;
        removeEventListener("keydown", pressed, true);
        let paint = null;
        for (;;) {
          const [holds, at] = await frame(() => SHOWN[shown](told));
          paint ??= at - event.timeStamp;
          if (holds) return done({ paint, shown: at - event.timeStamp });
          if (at - event.timeStamp > 5000) return done({ paint, shown: null, stood: stood() });
        }
      };
      addEventListener("keydown", pressed, true);
    });
  };
  soak.chosen = chosen;
  soak.rows = () => rows().map((one) => [one.getAttribute("href"), one.querySelector(".preview")?.textContent ?? ""]);
  soak.focus = (at) => {
    const all = rows();
    const row = all[at % all.length];
    row?.focus();
    return row?.getAttribute("href") ?? null;
  };
  soak.rest = () => document.activeElement?.blur();
  soak.mark = () => [soak.heard, soak.last, soak.gaps];

  /* The tab that follows the stream tells the others of every event: so it can be overheard. */
  soak.listen = (user) => {
    soak.channel = new BroadcastChannel(`trato-live-${user}`);
    soak.channel.onmessage = ({ data }) => {
      if (data.kind !== "event") return;
      if (soak.last && data.previous > soak.last) soak.gaps += 1;
      soak.last = Math.max(soak.last, data.event.id);
      soak.heard += 1;
    };
  };
  window.soak = soak;
})();
