// One event stream for the page, open only while somebody looks: browsers allow six connections
// to a host, and offices keep many tabs. Events arrive at <body> as "live:<name>"; an element
// with {% live "findings" %} refetches itself. Without this script pages simply do not move.
(() => {
  const EVENTS = ["readings", "findings", "quarantine", "loggers", "command_steps", "seals", "notices", "cases"];
  const address = document.body.dataset.live;
  if (!address || !window.EventSource) return;
  let stream = null;
  let missed = false;

  // At once, then at most every five seconds, and always once more after the last one.
  const PAUSE_MS = 5000;
  const waiting = new Map();
  const send = (name, detail) =>
    document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
  const tell = (name, detail) => {
    if (waiting.has(name)) {
      const held = waiting.get(name);
      const both = held && held.points && detail.points;
      waiting.set(name, held ? { points: both ? [...new Set([...held.points, ...detail.points])] : null } : detail);
      return;
    }
    send(name, detail);
    waiting.set(name, null);
    setTimeout(() => {
      const held = waiting.get(name);
      waiting.delete(name);
      if (held) tell(name, held);
    }, PAUSE_MS);
  };
  const all = () => EVENTS.forEach((name) => tell(name, { points: null }));

  const open = () => {
    stream = new EventSource(address);
    stream.addEventListener("open", () => {
      document.body.dataset.connected = "yes";
      // What was committed between drawing the page and listening told nobody here. A dialogue
      // begins just then, on the page that an order leads to; the rest comes with the next event.
      if (missed) all();
      else tell("command_steps", { points: null });
      missed = false;
    });
    stream.addEventListener("error", () => {
      document.body.dataset.connected = "no";
      missed = true;
    });
    stream.addEventListener("resync", all);
    EVENTS.forEach((name) =>
      stream.addEventListener(name, (event) => tell(name, JSON.parse(event.data))),
    );
  };
  const close = () => {
    if (stream) stream.close();
    stream = null;
    missed = true;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else if (!stream) open();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && !stream && open());
  // What goes by the clock ("late", "3 hours ago") moves without an event.
  setInterval(() => document.hidden || send("minute", { points: null }), 60000);
  if (!document.hidden) open();
})();
