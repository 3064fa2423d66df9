import { createEmitter } from "../emitter.js";
import type { Ruleset } from "../engine/ruleset.js";
import { loadRuleset } from "../engine/ruleset.js";
import { createReads } from "../node/reads.js";
import type { ServerStatus } from "../node/types.js";
import type { AnyFlags, Context, Json } from "../types.js";
import { createFlagTable } from "./flags.js";
import { createRecording } from "./recording.js";
import type { TestFlags, TestServerClient } from "./types.js";

/**
 * Creates a server's client that needs no hub: it is live, with these values, and the test changes them. Reads go through
 * the engine that applications use. To test by real rules, give `createServerClient` a file or a bootstrap instead.
 */
export function createTestServerClient<Flags extends object = AnyFlags>(
  flags?: TestFlags<NoInfer<Flags>>,
): TestServerClient<Flags> {
  const table = createFlagTable(flags ?? {});
  const record = createRecording();
  const emitter = createEmitter();
  let status: ServerStatus = "live";

  /** What a flag is to the engine: it serves everyone the value that this context gets. */
  function rulesOf(key: string, context: Context): Json {
    const value = table.valueFor(key, context);
    const version = table.versionOf(key);
    if (value === undefined) return { type: "boolean", enabled: false, variations: { test: true }, version };
    return {
      type: typeof value,
      enabled: true,
      variations: { test: value },
      fallthrough: { variation: "test" },
      clientVisible: true,
      version,
    };
  }

  function ruleset(context: Context): Ruleset {
    const rules = table.keys().map((key) => [key, rulesOf(key, context)]);
    return loadRuleset({ epoch: "test", version: table.version(), flags: Object.fromEntries(rules) });
  }

  function changed(keys: readonly string[]): void {
    const [version, committedAt] = [table.version(), Date.now()];
    if (keys.length > 0) emitter.emit("change", { keys, version, committedAt });
    for (const key of keys) emitter.emit(`change:${key}`, { key, version, committedAt });
  }

  const client: TestServerClient = {
    ...createReads({
      ruleset,
      report(key, { value, variation, reason, errorCode }, _, context) {
        record.addRead(key, {
          value: variation === undefined ? undefined : value,
          reason,
          errorCode,
          context,
        });
      },
    }),
    get status() {
      return status;
    },
    get version() {
      return table.version();
    },
    ready: () => Promise.resolve(true),
    track: (event, context = {}, value) => record.addTracked(event, { value, context: context as Context }),
    on: emitter.on,
    close() {
      if (status !== "closed") {
        status = "closed";
        emitter.emit("status", status);
      }
      return Promise.resolve();
    },
    set: (keyOrFlags: string | object, value?: unknown) => changed(table.set(keyOrFlags, value)),
    remove(key) {
      table.remove(key);
      changed([key]);
    },
    reads: record.reads,
    tracked: record.tracked,
    forget: record.forget,
  };
  return client as unknown as TestServerClient<Flags>;
}
