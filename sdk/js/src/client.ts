import { createCache } from "./cache.js";
import { createConnection } from "./connection.js";
import { createEmitter } from "./emitter.js";
import { evaluate } from "./evaluate.js";
import { parseContext, parseOptions } from "./options.js";
import { watchPage } from "./page.js";
import { createSession } from "./session.js";
import type { ClientOptions, Context, FlagClient, Status } from "./types.js";
import type { FlagValues, State } from "./values.js";
import { changedKeys, served } from "./values.js";

/** How long changes are gathered before they are written to storage. */
const SAVE_DELAY_MS = 1000;

/**
 * Creates a client and begins to connect.
 *
 * @throws RangeError for options that can never work: a missing or wrong key, address, context or socket. From then on
 * nothing is thrown: neither for a network's nor for a storage's sake.
 */
export function createClient(options: ClientOptions): FlagClient {
  const parsed = parseOptions(options);
  const { clock } = parsed;
  const emitter = createEmitter();
  const waiters = new Set<() => void>();
  let status: Status = "connecting";
  let cancelSave: (() => void) | undefined;

  const ended = (): boolean => status === "closed" || status === "stopped";

  const session = createSession({
    ...parsed,
    cache: createCache(parsed.storage, parsed.key + parsed.url),
    send: (frame) => connection.send(frame),
    changed,
    settled: () => setStatus("live"),
  });

  const connection = createConnection({
    ...parsed,
    hello: session.hello,
    receive(frame) {
      session.receive(frame);
      wake();
    },
    status(next) {
      session.lost();
      setStatus(next);
    },
    error(error) {
      if (!emitter.emit("error", error) && !error.temporary) console.error("peekaboo:", error.message);
    },
  });

  const unwatch = watchPage({
    ...parsed,
    hidden: save,
    abandoned: connection.pause,
    shown: connection.open,
  });

  function changed(before: State | null, { values, version }: State, committedAt: number | null): void {
    cancelSave ??= clock.after(SAVE_DELAY_MS, save);
    const former: FlagValues = before?.values ?? new Map();
    const keys = changedKeys(former, values);
    const origin = { version, committedAt };
    if (keys.length > 0) emitter.emit("change", { keys, ...origin });
    for (const key of keys) {
      const value = served(values.get(key));
      emitter.emit(`change:${key}`, { key, value, previous: served(former.get(key)), ...origin });
    }
  }

  function setStatus(next: Status): void {
    if (next === status || ended()) return;
    status = next;
    if (ended()) {
      unwatch();
      save();
    }
    emitter.emit("status", next);
    wake();
  }

  function save(): void {
    if (!cancelSave) return;
    cancelSave();
    cancelSave = undefined;
    session.save();
  }

  function wake(): void {
    for (const check of waiters) check();
  }

  /** Resolves true once `test` holds, false when the time is over or the client has ended. */
  function until(test: () => boolean, timeoutMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    return new Promise((resolve) => {
      const check = (over = ended()): void => {
        if (!over && !test()) return;
        waiters.delete(check);
        cancel();
        resolve(test());
      };
      const cancel = clock.after(timeoutMs, () => check(true));
      waiters.add(check);
      check();
    });
  }

  const detail = <T>(key: string, fallback: T, type?: string) =>
    evaluate(session.state(), key, fallback, type);

  // Not at once, so that listeners added in this turn miss nothing.
  queueMicrotask(connection.open);

  return {
    get status() {
      return status;
    },
    get version() {
      return session.state()?.version ?? 0;
    },
    get context() {
      return session.context();
    },
    ready: (timeoutMs) => until(() => session.state() !== null, timeoutMs),
    bool: (key, defaultValue) => detail(key, defaultValue, "boolean").value,
    string: (key, defaultValue) => detail(key, defaultValue, "string").value,
    number: (key, defaultValue) => detail(key, defaultValue, "number").value,
    object: (key, defaultValue) => detail(key, defaultValue, "object").value,
    detail: <T>(key: string, defaultValue: T) =>
      detail(key, defaultValue, defaultValue === null ? undefined : typeof defaultValue),
    allFlags() {
      const entries = [...(session.state()?.values ?? [])].map(([key, entry]) => [key, served(entry)]);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    },
    on: emitter.on,
    async identify(next: Context, timeoutMs) {
      const context = parseContext(next);
      if (!ended()) session.identify(context);
      return await until(() => session.matches() && !ended(), timeoutMs);
    },
    close: connection.close,
  };
}
