// OpenFeature's own OFREP providers, as they are published, against the real hub: `PEEKABOO_BIN`, else the debug build.
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature as Servers } from "@openfeature/server-sdk";
import type { Provider } from "@openfeature/web-sdk";
import { OpenFeature as Pages, ProviderEvents } from "@openfeature/web-sdk";
import { EventSource } from "eventsource";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { demoHub, until } from "./support/binary.js";

const ANN = { targetingKey: "ann", country: "DE", plan: "free" };
const BO = { targetingKey: "bo", country: "SE", plan: "pro" };
const hub = demoHub();
let serverKey: string;

beforeAll(async () => {
  vi.stubGlobal("EventSource", EventSource);
  serverKey = (await hub.admin.createServerKey("providers")).key;
});

afterEach(async () => {
  await Promise.all([Servers.clearProviders(), Pages.clearProviders()]);
  Pages.clearHandlers();
});

afterAll(() => {
  vi.unstubAllGlobals();
});

const bearer = (key: string): [string, string][] => [["Authorization", `Bearer ${key}`]];

describe("the server provider", () => {
  async function client(key: string) {
    const provider = new OFREPProvider({ baseUrl: hub.ready.sdk, headers: bearer(key) });
    await Servers.setProviderAndWait(provider);
    return Servers.getClient();
  }

  test.each(["server", "client"])("evaluates flags of every type under a %s key", async (kind) => {
    const flags = await client(kind === "server" ? serverKey : hub.ready.demo.clientKey);
    for (const context of [ANN, BO]) {
      const expected = await hub.admin.evaluate(context);
      expect(await flags.getBooleanValue("new-checkout", true, context)).toBe(
        expected["new-checkout"]?.value,
      );
      expect(await flags.getStringValue("hero-theme", "", context)).toBe(expected["hero-theme"]?.value);
      expect(await flags.getNumberValue("discount-percent", -1, context)).toBe(
        expected["discount-percent"]?.value,
      );
      expect(await flags.getObjectValue("layout", {}, context)).toEqual(expected.layout?.value);
    }
    const detail = await flags.getStringDetails("hero-theme", "", BO);
    expect(detail).toMatchObject({ value: "fjord", variant: "fjord", reason: "TARGETING_MATCH" });
  });

  test("serves the default of a disabled flag without an off variation", async () => {
    const flags = await client(serverKey);
    await hub.admin.patchTargeting("new-checkout", { enabled: false, offVariation: null });
    try {
      for (const fallback of [true, false]) {
        expect(await flags.getBooleanDetails("new-checkout", fallback, ANN)).toMatchObject({
          value: fallback,
          errorCode: "FLAG_NOT_FOUND",
          errorMessage: expect.stringContaining("serves no variation"),
        });
      }
    } finally {
      await hub.admin.patchTargeting("new-checkout", { offVariation: "off" });
    }
  });

  test("evaluates for a text that was cut in the middle of an emoji", async () => {
    const flags = await client(serverKey);
    const cut = { ...BO, targetingKey: "bo\ud83d", name: "\udc00" };
    expect(await flags.getStringDetails("hero-theme", "", cut)).toMatchObject({ value: "fjord" });
  });

  test("sees a change with the next evaluation", async () => {
    const flags = await client(serverKey);
    for (let i = 0; i < 2; i++) {
      const enabled = await hub.admin.toggle("new-checkout");
      expect(await flags.getBooleanValue("new-checkout", !enabled, ANN)).toBe(enabled);
    }
  });

  test("is told what went wrong", async () => {
    const flags = await client(serverKey);
    expect(await flags.getBooleanDetails("nothing", true, ANN)).toMatchObject({
      value: true,
      errorCode: "FLAG_NOT_FOUND",
    });
    expect(await flags.getBooleanDetails("hero-theme", true, ANN)).toMatchObject({
      value: true,
      errorCode: "TYPE_MISMATCH",
    });
    const nobody = await client("pbs_nobody");
    expect(await nobody.getBooleanDetails("new-checkout", true, ANN)).toMatchObject({
      value: true,
      reason: "ERROR",
    });
  });
});

describe("the web provider", () => {
  interface Options {
    readonly key?: string;
    readonly changeDetection?: "sse" | "polling";
    readonly pollInterval?: number;
  }

  async function page({ key = hub.ready.demo.clientKey, ...options }: Options = {}) {
    const asked: string[] = [];
    await Pages.setContext(ANN);
    const provider = new OFREPWebProvider({
      baseUrl: hub.ready.sdk,
      headers: bearer(key),
      cacheMode: "disabled",
      fetchImplementation: (request, init) => {
        asked.push(new URL((request as Request).url).search);
        return fetch(request, init);
      },
      ...options,
    });
    const changes: (readonly string[])[] = [];
    Pages.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
      changes.push((details?.flagsChanged ?? []) as string[]);
    });
    // Its types are of a compiler that takes a member that is undefined for one that is not there.
    await Pages.setProviderAndWait(provider as Provider);
    return { flags: Pages.getClient(), changes, asked };
  }

  test("has the values of its context, and others with another", async () => {
    const { flags } = await page();
    for (const context of [ANN, BO]) {
      await Pages.setContext(context);
      const expected = await hub.admin.evaluate(context);
      expect(flags.getStringValue("hero-theme", "")).toBe(expected["hero-theme"]?.value);
      expect(flags.getNumberValue("discount-percent", -1)).toBe(expected["discount-percent"]?.value);
      expect(flags.getObjectValue("layout", {})).toEqual(expected.layout?.value);
    }
  });

  test.each(["client", "server"])("hears of a change by its event stream, under a %s key", async (kind) => {
    const { flags, changes, asked } = await page({
      key: kind === "server" ? serverKey : hub.ready.demo.clientKey,
    });
    for (let i = 0; i < 2; i++) {
      const enabled = await hub.admin.toggle("new-checkout");
      await until(() => flags.getBooleanValue("new-checkout", !enabled) === enabled, "the change");
    }
    await until(() => changes.length >= 2, "both changes to be told");
    for (const keys of changes) expect(keys).toEqual(["new-checkout"]);
    // It asks again because it was told, and says of what.
    expect(asked[0]).toBe("");
    expect(asked.slice(1).every((query) => query.startsWith("?flagConfigEtag="))).toBe(true);
  });

  test("hears of a change by asking again", async () => {
    const { flags } = await page({ changeDetection: "polling", pollInterval: 20 });
    const enabled = await hub.admin.toggle("new-checkout");
    await until(() => flags.getBooleanValue("new-checkout", !enabled) === enabled, "the change");
  });

  test("follows a hub through a restart", async () => {
    const { flags } = await page();
    await hub.restart();
    const enabled = await hub.admin.toggle("new-checkout");
    await until(() => flags.getBooleanValue("new-checkout", !enabled) === enabled, "the change", 40_000);
  });

  test("is told that nobody has its key", async () => {
    await expect(page({ key: "pbc_nobody" })).rejects.toThrow();
  });
});
