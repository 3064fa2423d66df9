import { afterEach, expect, test, vi } from "vitest";
import { download } from "./download";

afterEach(() => vi.unstubAllGlobals());

/** Answers each request with these chunks; then the body ends, or breaks. */
function answering(chunks: string[], { status = 200, breaks = false } = {}) {
  const body = new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk !== undefined) controller.enqueue(new TextEncoder().encode(chunk));
      else if (breaks) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  vi.stubGlobal("fetch", async () => new Response(body, { status }));
}

const read = (signal = new AbortController().signal) => {
  const seen: number[] = [];
  const file = download("/export", { onProgress: (bytes) => seen.push(bytes), signal });
  return { file, seen };
};

test("a download returns the whole file and says how much has come", async () => {
  answering(["one\n", "two\n"]);
  const { file, seen } = read();
  expect(await (await file).text()).toBe("one\ntwo\n");
  expect(seen).toEqual([4, 8]);
});

test("a download that breaks off is no file", async () => {
  answering(["one\n"], { breaks: true });
  await expect(read().file).rejects.toMatchObject({ code: "broke_off" });
});

test("a download that never begins says that the hub cannot be reached", async () => {
  answering([], { breaks: true });
  await expect(read().file).rejects.toMatchObject({ code: "unreachable" });
});

test("a refused download says why", async () => {
  const document = { type: "urn:peekaboo:problem:forbidden", detail: "you need permission" };
  answering([JSON.stringify(document)], { status: 403 });
  await expect(read().file).rejects.toMatchObject({ code: "forbidden", message: "You need permission." });
});
