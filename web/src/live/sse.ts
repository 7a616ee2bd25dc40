/** Reads a stream of server-sent events (WHATWG HTML §9.2.6); pure, fed with text as it arrives. */

export interface ServerEvent {
  id: string | null;
  type: string;
  data: string;
}

/** Splits text into events. Text may be cut anywhere, also between the two halves of a line break. */
export class EventReader {
  #rest = "";
  #id: string | null = null;
  #type = "";
  #data: string[] = [];

  /** The events that are complete with this piece; comments and unknown fields are dropped. */
  read(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    const events: ServerEvent[] = [];
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length) events.push(this.#finish());
        this.#type = "";
        this.#data = [];
        this.#id = null;
      } else this.#field(line);
    }
    return events;
  }

  #field(line: string): void {
    const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "event") this.#type = value;
    else if (name === "data") this.#data.push(value);
    else if (name === "id") this.#id = value;
  }

  #finish(): ServerEvent {
    return { id: this.#id, type: this.#type || "message", data: this.#data.join("\n") };
  }
}
