// Flags whose types are declared: what the compiler lets through, and what it does not. `npm run check` runs these.
import { expect, expectTypeOf, test } from "vitest";
import type { Detail, FlagClient, Json } from "../src/index.js";
import { createClient } from "../src/index.js";
import { createFakeHub } from "./support/hub.js";

type Layout = { readonly columns: number };

/** As `peekaboo types` writes it. */
interface Flags {
  "new-checkout": boolean;
  "hero-theme": "dawn" | "fjord";
  "discount-percent": 0 | 10 | 25;
  layout: Layout;
}

const options = {
  key: "pbc_test",
  url: "ws://hub.test",
  WebSocket: createFakeHub().WebSocket,
  storage: null,
  page: null,
  bootstrap: { "new-checkout": true, "hero-theme": "fjord", "discount-percent": 10, layout: { columns: 2 } },
};

test("declared flags are read by their key and type alone", () => {
  const flags = createClient<Flags>(options);
  expect(flags.bool("new-checkout", false)).toBe(true);
  const theme = flags.string("hero-theme", "dawn");
  expectTypeOf(theme).toEqualTypeOf<"dawn" | "fjord">();
  expectTypeOf(flags.number("discount-percent", 0)).toEqualTypeOf<0 | 10 | 25>();
  expectTypeOf(flags.object("layout", { columns: 3 })).toEqualTypeOf<Layout>();
  expectTypeOf(flags.detail("hero-theme", "dawn")).toEqualTypeOf<Detail<"dawn" | "fjord">>();
  expectTypeOf(flags.detail("layout", null)).toEqualTypeOf<Detail<Layout | null>>();
  expectTypeOf(flags.allFlags()["hero-theme"]).toEqualTypeOf<"dawn" | "fjord" | undefined>();
  flags.on("change:hero-theme", ({ value }) => {
    expectTypeOf(value).toEqualTypeOf<"dawn" | "fjord" | undefined>();
  });
  flags.on("change", ({ keys }) => expectTypeOf(keys).toEqualTypeOf<readonly string[]>());
  expect(theme).toBe("fjord");
  flags.close();
});

test("a key that is not declared, or not of that type, does not compile", () => {
  const flags = createClient<Flags>(options);
  // @ts-expect-error: no such flag
  expect(flags.bool("new-chekout", false)).toBe(false);
  // @ts-expect-error: not a boolean flag
  expect(flags.bool("hero-theme", false)).toBe(false);
  // @ts-expect-error: no such variation
  expect(flags.string("hero-theme", "dusk")).toBe("fjord");
  // @ts-expect-error: another shape
  expect(flags.object("layout", { rows: 1 })).toEqual({ columns: 2 });
  // @ts-expect-error: no such flag
  flags.on("change:new-chekout", () => undefined);
  flags.close();
});

test("without a declaration every key is allowed, and values are of the type asked for", () => {
  const flags = createClient(options);
  expectTypeOf(flags).toEqualTypeOf<FlagClient>();
  expectTypeOf(flags.string("anything", "")).toEqualTypeOf<string>();
  expectTypeOf(flags.number("anything", 0)).toEqualTypeOf<number>();
  expectTypeOf(flags.object("layout", { columns: 3 })).toEqualTypeOf<{ columns: number }>();
  expectTypeOf(flags.object<Layout>("layout", { columns: 3 })).toEqualTypeOf<Layout>();
  expectTypeOf(flags.detail("anything", true)).toEqualTypeOf<Detail<boolean>>();
  expectTypeOf(flags.detail("anything", null)).toEqualTypeOf<Detail<Json>>();
  expectTypeOf(flags.allFlags()).toEqualTypeOf<Record<string, Json>>();
  expect(flags.string("anything", "as before")).toBe("as before");
  flags.close();
});

test("what a typed client serves is another one's bootstrap", () => {
  const flags = createClient<Flags>(options);
  const next = createClient<Flags>({ ...options, bootstrap: flags.allFlags() });
  expect(next.allFlags()).toEqual(options.bootstrap);
  flags.close();
  next.close();
});
