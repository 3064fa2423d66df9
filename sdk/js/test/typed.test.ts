// Flags whose types are declared: what the compiler lets through, and what it does not. `npm run check` runs these.
import { expect, expectTypeOf, test } from "vitest";
import type { DevtoolsOptions } from "../src/devtools/index.js";
import type { ClientOptions, Detail, FlagClient, Json } from "../src/index.js";
import { createClient } from "../src/index.js";
import type { ServerOptions } from "../src/node/index.js";
import { createServerClient } from "../src/node/index.js";
import type { ServerProviderOptions } from "../src/openfeature/server.js";
import type { WebProviderOptions } from "../src/openfeature/web.js";
import type { FlagProps, PeekabooProviderProps } from "../src/react/index.js";
import type { ShareTabsOptions } from "../src/tabs/index.js";
import type { TestClientOptions } from "../src/testing/index.js";
import type { WorkerOptions } from "../src/worker/index.js";
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

test("a context may be of an interface of the application's, and its targetingKey is checked", () => {
  interface Visitor {
    targetingKey: string;
    plan: "free" | "pro";
    address: { country: string };
    lastSeen?: Date;
  }
  interface Numbered {
    targetingKey: number;
  }
  const visitor: Visitor = { targetingKey: "user-1", plan: "pro", address: { country: "SE" } };
  const flags = createClient({ ...options, context: visitor });
  expect(flags.context).toEqual(visitor);
  void flags.identify(visitor);
  const server = createServerClient({ offline: true });
  expect(server.bool("anything", true, visitor)).toBe(true);
  expect(server.detail("anything", null, visitor)).toMatchObject({ errorCode: "FLAG_NOT_FOUND" });
  server.track("purchase", visitor);
  const numbered: Numbered = { targetingKey: 1 };
  // @ts-expect-error: a targetingKey is a string
  expect(server.bool("anything", true, numbered)).toBe(true);
  // @ts-expect-error: a targetingKey is a string
  server.track("purchase", { targetingKey: 1 });
  flags.close();
});

test("every option may be undefined, which is as if it were left out", () => {
  /** Each optional member as undefined, the others as they are. */
  type Explicit<Options> = {
    [Key in keyof Options]-?: Record<string, never> extends Pick<Options, Key> ? undefined : Options[Key];
  };
  expectTypeOf<Explicit<ClientOptions>>().toExtend<ClientOptions>();
  expectTypeOf<Explicit<ServerOptions>>().toExtend<ServerOptions>();
  expectTypeOf<Explicit<WorkerOptions>>().toExtend<WorkerOptions>();
  expectTypeOf<Explicit<ShareTabsOptions>>().toExtend<ShareTabsOptions>();
  expectTypeOf<Explicit<DevtoolsOptions>>().toExtend<DevtoolsOptions>();
  expectTypeOf<Explicit<PeekabooProviderProps>>().toExtend<PeekabooProviderProps>();
  expectTypeOf<Explicit<FlagProps>>().toExtend<FlagProps>();
  expectTypeOf<Explicit<WebProviderOptions>>().toExtend<WebProviderOptions>();
  expectTypeOf<Explicit<ServerProviderOptions>>().toExtend<ServerProviderOptions>();
  expectTypeOf<Explicit<TestClientOptions>>().toExtend<TestClientOptions>();
  const unset: Explicit<Omit<ClientOptions, "WebSocket">> = {
    key: options.key,
    url: options.url,
    context: undefined,
    bootstrap: undefined,
    anonymous: undefined,
    usage: undefined,
    storage: undefined,
    page: undefined,
    hiddenTimeoutMs: undefined,
    clock: undefined,
    random: undefined,
  };
  const flags = createClient({ ...unset, WebSocket: options.WebSocket });
  expect(flags.context).toEqual({});
  flags.close();
});
