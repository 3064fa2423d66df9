import type { ConnectionOptions } from "../connection.js";
import { createConnection } from "../connection.js";
import { diagnose } from "../diagnose.js";
import { createEmitter } from "../emitter.js";
import { affectedFlags } from "../engine/affected.js";
import type { Ruleset } from "../engine/ruleset.js";
import { ACK } from "../frames.js";
import { NEVER, nothing } from "../json.js";
import { encode } from "../msgpack.js";
import type { AnyFlags, ClientError, SocketConstructor } from "../types.js";
import { createUsage } from "../usage/usage.js";
import { watchRuleset } from "./file.js";
import { createKeptRules } from "./kept-rules.js";
import { parseServerOptions } from "./options.js";
import { createReads } from "./reads.js";
import { createReport, trackedEvent } from "./report.js";
import { createServerSession } from "./session.js";
import type { ServerClient, ServerOptions, ServerStatus } from "./types.js";

/** How long `close` waits for the hub to take what it has not been told. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Creates a client that evaluates by itself, by the rules that a server key receives, and begins to connect.
 *
 * @throws RangeError for options that can never work: a missing or wrong key, address or bootstrap. From then on nothing
 * is thrown.
 */
export function createServerClient<Flags extends object = AnyFlags>(
  options: ServerOptions,
): ServerClient<Flags> {
  const parsed = parseServerOptions(options);
  const { clock, random } = parsed;
  const emitter = createEmitter();
  const waiters = new Set<() => void>();
  let ruleset: Ruleset | null = null;
  let status: ServerStatus = parsed.local ? "offline" : "connecting";
  let ended = false;
  /** Whether usage can be sent to the hub. */
  let telling = false;
  /** Whether the hub of this connection takes none. */
  let refused = false;
  let closing: Promise<void> | null = null;
  let unwatch = nothing;
  let flagSetId: string | undefined;
  /** Whether a hub was ever heard, and whether it is explained why none is. */
  let accepted = false;
  let explained = false;
  const kept =
    parsed.rulesFile === undefined
      ? null
      : createKeptRules({ path: parsed.rulesFile, key: parsed.key, clock, failed: keepingFailed });
  const keptRules = kept?.load() ?? null;

  const usage = createUsage({ clock, random, encode, send: (frame) => connection.send(frame) });
  const report = parsed.usage ? createReport(usage, clock) : nothing;
  const session = createServerSession({
    key: parsed.key,
    kept: keptRules,
    send: (frame) => connection.send(frame),
    hold(next, committedAt) {
      hold(next, committedAt);
      kept?.keep(next);
    },
    named(id) {
      flagSetId = id;
    },
    settled() {
      accepted = true;
      explained = false;
      if (!telling && !refused && parsed.usage) {
        telling = true;
        usage.connected();
      }
      setStatus("live");
    },
  });
  const connecting: ConnectionOptions = {
    url: parsed.url,
    // In its place before the first attempt.
    WebSocket: globalThis.WebSocket as SocketConstructor,
    clock,
    random,
    hello: session.hello,
    receive(frame) {
      if (frame[0] !== ACK) {
        session.receive(frame);
        return;
      }
      usage.acknowledge(frame[1]);
      if (closing !== null) usage.flush();
      wake();
    },
    blocked: explain,
    status(next) {
      refused = false;
      quiet();
      setStatus(next as ServerStatus);
      // A client that was never connected may have the wrong address; one that was hears of it after some attempts.
      if (next === "reconnecting" && !accepted) explain();
    },
    error(error) {
      if (error.code === "events_unsupported") {
        refused = true;
        quiet();
        return;
      }
      if (error.code === "events_invalid") usage.giveUp();
      fail(error);
    },
  };
  const connection = createConnection(connecting);

  /** The hub is told nothing until there is a connection again that takes it. */
  function quiet(): void {
    usage.lost();
    telling = false;
    wake();
  }

  function fail(error: ClientError): void {
    if (emitter.emit("error", error)) return;
    if (error.temporary) console.warn("peekaboo:", error.message);
    else console.error("peekaboo:", error.message);
  }

  /** Says why there is no connection, once until there is one. */
  function explain(): void {
    if (explained) return;
    explained = true;
    void diagnose(parsed.url).then(({ message }) => {
      // By now there may be one, or no one waits for it.
      if (explained && !ended) fail({ code: "unreachable", message, temporary: true });
    });
  }

  function keepingFailed(message: string): void {
    // Not at once, so that listeners added in this turn miss nothing.
    queueMicrotask(() => fail({ code: "rules_file", message, temporary: true }));
  }

  function hold(next: Ruleset, committedAt: number | null): void {
    const before = ruleset;
    ruleset = next;
    reportFaults(before, next);
    const keys = affectedFlags(before, next);
    const { version } = next;
    if (keys.length > 0) emitter.emit("change", { keys, version, committedAt });
    for (const key of keys) emitter.emit(`change:${key}`, { key, version, committedAt });
    wake();
  }

  /** What is malformed spoils nothing else, but someone should know. */
  function reportFaults(before: Ruleset | null, after: Ruleset): void {
    for (const kind of ["flags", "segments"] as const) {
      for (const [key, { fault }] of after[kind]) {
        if (fault === null || before?.[kind].get(key)?.fault === fault) continue;
        const message = `${kind.slice(0, -1)} ${key} is malformed: ${fault}`;
        fail({ code: "malformed", message, temporary: true });
      }
    }
  }

  function setStatus(next: ServerStatus): void {
    if (next === status || ended) return;
    status = next;
    ended = next === "closed";
    emitter.emit("status", next);
    wake();
  }

  function wake(): void {
    for (const check of waiters) check();
  }

  /** Resolves true once `test` holds, false when the time is over or the client is refused or has ended. */
  function until(test: () => boolean, timeoutMs = NEVER): Promise<boolean> {
    return new Promise((resolve) => {
      const check = (over = ended || status === "stopped"): void => {
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

  // Not at once, so that listeners added in this turn miss nothing.
  queueMicrotask(() => {
    if (ended) return;
    if (parsed.file !== undefined) watch(parsed.file);
    else if (!parsed.local) void connect();
  });

  function watch(path: string): void {
    const failed = (message: string): void => fail({ code: "file", message, temporary: true });
    unwatch = watchRuleset({ path, loaded: (loaded) => hold(loaded, null), failed });
  }

  async function connect(): Promise<void> {
    try {
      connecting.WebSocket = await parsed.socket();
    } catch {
      const message = "no global WebSocket found: install ws, or pass a class as `WebSocket`";
      setStatus("stopped");
      fail({ code: "socket", message, temporary: false });
      return;
    }
    connection.open();
  }

  async function close(): Promise<void> {
    if (telling) {
      usage.flush();
      await until(() => usage.empty() || !telling, CLOSE_TIMEOUT_MS);
    }
    unwatch();
    connection.close();
    await kept?.close();
    setStatus("closed");
  }

  const client: ServerClient = {
    ...createReads({ ruleset: () => ruleset, report }),
    get status() {
      return status;
    },
    get version() {
      return ruleset?.version ?? 0;
    },
    get flagSetId() {
      return flagSetId;
    },
    ready: (timeoutMs) => until(() => ruleset !== null, timeoutMs),
    track(event, context, value) {
      if (parsed.usage) usage.record("events", trackedEvent(event, context, value));
    },
    on: emitter.on,
    close() {
      closing ??= close();
      return closing;
    },
  };
  ruleset = keptRules ?? parsed.initial;
  return client as unknown as ServerClient<Flags>;
}
