// @vitest-environment node
/** The examples of docs/how-to/host-page.md hold to the types that it names. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const page = readFileSync(at("../../docs/how-to/host-page.md"), "utf8");
const types = at("../widget/trato.d.ts");
const examples = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);

describe("the guide to the host page", () => {
  it("has examples that hold to the types", () => {
    // The wrapper's argument is typed here, as a page in TypeScript would: a call of Trato.
    const [wrapper, ...calls] = examples;
    expect(wrapper).toContain("(window.Trato ||= [])");
    const source = `import type { TratoCall } from "./trato";
      declare const trato: (...call: TratoCall) => unknown;
      ${calls.join("\n").replaceAll(/\(event\) =>/g, "(event: any) =>")}`;
    const file = at("../widget/examples.ts");
    const host = ts.createCompilerHost({});
    const read = host.getSourceFile.bind(host);
    const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ["lib.es2022.d.ts", "lib.dom.d.ts"] };
    host.getSourceFile = (name, ...rest) =>
      name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : read(name, ...rest);
    host.fileExists = (name) => name === file || ts.sys.fileExists(name);
    const program = ts.createProgram([file, types], options, host);
    const said = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(said).toEqual([]);
  });

  it("names every event", () => {
    const list = readFileSync(types, "utf8").match(/interface TratoEvents \{([\s\S]*?)\n\}/)?.[1] ?? "";
    const names = [...list.matchAll(/type: "([a-z-]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(7);
    for (const name of names) expect(page).toContain(`\`${String(name)}\``);
  });
});
