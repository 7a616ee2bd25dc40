/** Files on their way to a message: uploaded at once, sent with it, taken off without a trace. */
import { desk as api } from "../../api/desk";
import { explain } from "../../api/problem";
import { t } from "../../i18n/index.svelte";
import type { KeptFile } from "./drafts";

export interface Upload {
  key: number;
  name: string;
  size: number;
  /** The id of the stored file, once it is there. */
  id?: string;
  error?: string;
}

export class Uploads {
  list = $state.raw<readonly Upload[]>([]);
  #next = 1;
  #running: Record<number, AbortController | undefined> = {};

  get busy(): boolean {
    return this.list.some((upload) => !upload.id && !upload.error);
  }

  get ids(): string[] {
    return this.list.flatMap((upload) => (upload.id ? [upload.id] : []));
  }

  /** Those that are there, as a draft keeps them. */
  get files(): KeptFile[] {
    return this.list.flatMap(({ id, name, size }) => (id ? [{ id, filename: name, size }] : []));
  }

  add(files: Iterable<File>, maxBytes: number): void {
    for (const file of files) void this.#upload(file, maxBytes);
  }

  /** Makes those that are there these; what is on its way goes on. */
  put(files: readonly KeptFile[]): void {
    const going = this.list.filter(({ id, error }) => !id && !error);
    const there = files.map(({ id, filename: name, size }) => {
      const known = this.list.find((upload) => upload.id === id);
      return known ?? { key: this.#next++, name, size, id };
    });
    this.list = [...there, ...going];
  }

  async #upload(file: File, maxBytes: number): Promise<void> {
    const key = this.#next++;
    const name = file.name || t.desk.composer.attach;
    this.list = [...this.list, { key, name, size: file.size }];
    if (file.size > maxBytes) {
      this.#set(key, { error: t.common.errors.tooLarge });
      return;
    }
    const running = new AbortController();
    this.#running[key] = running;
    try {
      this.#set(key, { id: (await api.upload(file, running.signal)).id });
    } catch (error) {
      if (!running.signal.aborted) this.#set(key, { error: explain(error, t.common) });
    } finally {
      this.#running[key] = undefined;
    }
  }

  #set(key: number, change: Partial<Upload>): void {
    this.list = this.list.map((upload) => (upload.key === key ? { ...upload, ...change } : upload));
  }

  remove(key: number): void {
    this.#running[key]?.abort();
    this.list = this.list.filter((upload) => upload.key !== key);
  }
}
