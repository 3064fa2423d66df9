// Runs the frame cases that every SDK runs; sdk/conformance/frames/README.md says how.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readFrame } from "../src/frames.js";
import { encode } from "../src/msgpack.js";
import type { Json } from "../src/types.js";

interface Case {
  readonly name: string;
  readonly direction: "hub" | "client";
  readonly hex: string;
  readonly frame?: Json[];
  readonly canonical?: boolean;
  readonly error?: string;
}

const directory = new URL("../../conformance/frames/", import.meta.url);
const files = readdirSync(directory).filter((name) => name.endsWith(".json"));
const cases = files.flatMap(
  (name): Case[] => JSON.parse(readFileSync(new URL(name, directory), "utf8")).cases,
);
const bytes = ({ hex }: Case) => Uint8Array.from(Buffer.from(hex, "hex"));
const title = (each: Case) => [each.name, each] as const;

const toClient = cases.filter(({ direction }) => direction === "client");
const toHub = cases.filter(({ direction }) => direction === "hub");

test("the cases are there", () => {
  expect(files.length).toBeGreaterThan(0);
  expect(toClient.length).toBeGreaterThan(20);
  expect(toHub.length).toBeGreaterThan(20);
});

describe("messages to a client", () => {
  test.each(toClient.filter(({ frame }) => frame).map(title))("%s", (_, each) => {
    const frame = readFrame(bytes(each));
    // Elements past the known ones stay at the end of the array, where nothing looks.
    expect(frame?.slice(0, each.frame?.length)).toEqual(each.frame);
  });

  test.each(toClient.filter(({ error }) => error === "unknown_type").map(title))("ignores: %s", (_, each) => {
    expect(readFrame(bytes(each))).toBeNull();
  });

  test.each(toClient.filter(({ error }) => error && error !== "unknown_type").map(title))(
    "refuses: %s",
    (_, each) => {
      expect(() => readFrame(bytes(each))).toThrow();
    },
  );
});

describe("messages to a hub", () => {
  test.each(toHub.filter(({ frame, canonical }) => frame && canonical !== false).map(title))(
    "%s",
    (_, each) => {
      expect(Buffer.from(encode(each.frame ?? null)).toString("hex")).toBe(each.hex);
    },
  );
});
