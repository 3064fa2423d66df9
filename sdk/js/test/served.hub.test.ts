// The modules that the hub serves to pages without a bundler.
import { readdirSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { demoHub } from "./support/binary.js";

const hub = demoHub();
const built = readdirSync(join(import.meta.dirname, "../dist"));
const names = built.filter((name) => /^peekaboo.*\.min\.js$/.test(name));

/** Asks without decompressing the answer, as `fetch` would. */
async function ask(name: string, coding: string) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { "accept-encoding": coding };
    get(`${hub.ready.sdk}/sdk/v1/js/${name}`, { headers }, resolve).on("error", reject);
  });
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

test.each(names)(
  "%s arrives compressed and whole, with a source map that names its sources",
  async (name) => {
    for (const file of [name, `${name}.map`]) {
      const plain = await ask(file, "identity");
      expect(plain.status).toBe(200);
      expect(plain.headers["content-encoding"]).toBeUndefined();
      for (const [coding, decompress] of [
        ["br", brotliDecompressSync],
        ["gzip", gunzipSync],
      ] as const) {
        const packed = await ask(file, coding);
        expect(packed.headers).toMatchObject({ "content-encoding": coding, vary: "accept-encoding" });
        expect(packed.body.length * 1.5).toBeLessThan(plain.body.length);
        expect(decompress(packed.body).equals(plain.body)).toBe(true);
      }
    }
    const { body: code } = await ask(name, "identity");
    const map = /\/\/# sourceMappingURL=(.+)\s*$/.exec(code.toString())?.[1];
    expect(map).toBe(`${name}.map`);
    const { sources, sourcesContent } = JSON.parse((await ask(`${name}.map`, "identity")).body.toString());
    expect(sources.length).toBeGreaterThan(0);
    expect(sourcesContent).toHaveLength(sources.length);
  },
);
