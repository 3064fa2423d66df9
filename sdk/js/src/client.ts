import { createCache } from "./cache.js";
import { createConnection } from "./connection.js";
import { createEmitter } from "./emitter.js";
import { evaluate } from "./evaluate.js";
import type { Inside, Note, Part, WithInside } from "./inside.js";
import type { JsonMap } from "./json.js";
import { NEVER, nothing } from "./json.js";
import { decode, encode } from "./msgpack.js";
import { parseOptions } from "./options.js";
import { watchPage } from "./page.js";
import { createSession } from "./session.js";
import type { AnyFlags, ClientOptions, ContextLike, Detail, FlagClient, Status } from "./types.js";
import type { FlagValues, State } from "./values.js";
import { changedKeys, served } from "./values.js";

/**
 * Creates a client and begins to connect.
 *
 * @throws RangeError for options that can never work: a missing or wrong key, address or socket. Nothing else throws,
 * whatever the network, the storage or the context: what is wrong with those is an `error` event.
 */
export function createClient<Flags extends object = AnyFlags>(options: ClientOptions): FlagClient<Flags> {
  /** How long changes are gathered before they are written to storage. */
  const SAVE_DELAY_MS = 1000;
  /** How much of what an application does is kept until usage is loaded; the rest is counted as dropped. */
  const MAX_EARLY_NOTES = 1000;

  const parsed = parseOptions(options);
  const { clock } = parsed;
  let { usage } = parsed;
  const emitter = createEmitter();
  const waiters = new Set<() => void>();
  let status: Status = "connecting";
  let ended = false;
  let cancelSave: (() => void) | undefined;
  /** What was noted before usage was loaded. */
  const notes: Note[] = [];
  let noted = usage ? 0 : NEVER;

  const inside = {
    ...parsed,
    decode,
    encode,
    context: contextOf(options.context ?? {}),
    cache: createCache(parsed.storage, parsed.key + parsed.url),
    on: emitter.on,
    note: (...note) => void (noted++ < MAX_EARLY_NOTES && notes.push(note)),
    changed,
    settled() {
      setStatus("live");
      // Not before the first values are in: they are what a page waits for.
      if (usage) load(import("./usage/browser.js"));
      usage = false;
    },
    status(next) {
      inside.lost();
      setStatus(next);
    },
    error(error) {
      if (!emitter.emit("error", error) && !error.temporary) console.error("peekaboo:", error.message);
    },
    blocked: () => load(import("./sse/fallback.js")),
    hidden: save,
  } as Partial<Inside> as Inside;
  Object.assign(inside, createSession(inside), createConnection(inside));
  const { open } = inside;
  // As long as there is no valid context there is no one to ask for.
  inside.open = () => (inside.asked() ? open : inside.pause)();
  const unwatch = watchPage(inside);

  function changed(before: State | null, { values, version }: State, committedAt: number | null): void {
    cancelSave ??= clock.after(SAVE_DELAY_MS, save);
    const former: FlagValues = before?.values ?? new Map();
    const keys = changedKeys(former, values);
    if (keys.length > 0) emitter.emit("change", { keys, version, committedAt });
    for (const key of keys) {
      const value = served(values.get(key));
      const previous = served(former.get(key));
      emitter.emit(`change:${key}`, { key, value, previous, version, committedAt });
    }
    wake();
  }

  /** A context as the hub takes it. Null, and an error, for one that it would refuse: it may come from a visitor. */
  function contextOf(given: ContextLike): JsonMap | null {
    try {
      return parsed.contextOf(given);
    } catch (error) {
      // Not at once, so that listeners added in this turn miss nothing.
      queueMicrotask(() => inside.fail("context", error, false));
      return null;
    }
  }

  /** A part that cannot be loaded is done without. */
  function load(part: Promise<Part>): void {
    part.then(({ start }) => ended || start(inside, notes, noted)).catch(nothing);
  }

  function setStatus(next: Status): void {
    if (next === status || ended) return;
    status = next;
    ended = next === "closed";
    if (ended) {
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
    inside.save();
  }

  function wake(): void {
    for (const check of waiters) check();
  }

  /** Resolves true once `test` holds, false when the time is over or the client is refused, has ended or has no context. */
  function until(test: () => boolean, timeoutMs = NEVER): Promise<boolean> {
    return new Promise((resolve) => {
      const check = (over = ended || status === "stopped" || !inside.asked()): void => {
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

  const detail = <T>(key: string, fallback: T, type?: string): Detail<T> => {
    const result = evaluate(inside.state(), key, fallback, type);
    inside.note(key, result);
    return result;
  };

  // Not at once, so that listeners added in this turn miss nothing.
  queueMicrotask(inside.open);

  const client: FlagClient & WithInside = {
    inside,
    get status() {
      return status;
    },
    get version() {
      return inside.state()?.version ?? 0;
    },
    get context() {
      return inside.asked() ?? {};
    },
    ready: (timeoutMs) => until(() => inside.state() !== null, timeoutMs),
    bool: (key, defaultValue) => detail(key, defaultValue, "boolean").value,
    string: (key, defaultValue) => detail(key, defaultValue, "string").value,
    number: (key, defaultValue) => detail(key, defaultValue, "number").value,
    object: (key, defaultValue) => detail(key, defaultValue, "object").value,
    detail: <T>(key: string, defaultValue: T) =>
      detail(key, defaultValue, defaultValue === null ? undefined : typeof defaultValue),
    allFlags() {
      const entries = [...(inside.state()?.values ?? [])].map(([key, entry]) => [key, served(entry)]);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    },
    on: emitter.on,
    async identify(next: ContextLike, timeoutMs) {
      const before = inside.asked();
      const context = contextOf(next);
      if (!context) return false;
      if (!ended) inside.identify(context);
      if (!before) inside.open();
      return await until(() => inside.matches() && !ended, timeoutMs);
    },
    track(event, value) {
      inside.note(event, null, clock.now(), inside.asked()?.targetingKey, value);
    },
    close: inside.close,
  };
  return client as unknown as FlagClient<Flags>;
}
