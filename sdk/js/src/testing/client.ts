import { createClient } from "../client.js";
import type { WithInside } from "../inside.js";
import type { AnyFlags, Clock, Detail, FlagClient, Json } from "../types.js";
import { createFlagTable } from "./flags.js";
import { createLocalHub } from "./hub.js";
import { createRecording } from "./recording.js";
import type { TestClient, TestClientOptions, TestControls, TestFlags } from "./types.js";

/** Timers that do not keep a test's process alive. */
const clock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timer = delayMs < 2_000_000_000 ? setTimeout(callback, delayMs) : undefined;
    (timer as { unref?(): void } | undefined)?.unref?.();
    return () => clearTimeout(timer);
  },
};

/**
 * Creates a browser's client that needs no hub: it is live at once, with these values, and the test changes them. Everything
 * else is the client that applications use: its events, its types, and what it does with wrong keys.
 */
export function createTestClient<Flags extends object = AnyFlags>(
  flags?: TestFlags<NoInfer<Flags>>,
  { context, online = true }: TestClientOptions = {},
): TestClient<Flags> {
  const table = createFlagTable(flags ?? {});
  const hub = createLocalHub(table);
  const record = createRecording();
  const client = createClient({
    key: "pbc_test",
    url: "ws://test.invalid",
    context,
    WebSocket: hub.WebSocket,
    storage: null,
    page: null,
    usage: false,
    clock,
  });
  const { inside } = client as FlagClient & WithInside;

  inside.note = (...[name, detail, , , value]) => {
    if (detail === null) record.addTracked(name, { value, context: client.context });
    else record.addRead(name, readOf(detail as Detail<Json>));
  };

  function readOf({ value, variation, reason, errorCode }: Detail<Json>) {
    return { value: variation === null ? undefined : value, reason, errorCode, context: client.context };
  }

  function goOnline(): void {
    inside.open();
    hub.goOnline();
  }

  // Not with the first turn of the event loop, as a real one: the test reads in the next line.
  if (online) goOnline();

  const controls: TestControls & Pick<TestClient, "goOnline" | "goOffline"> = {
    set: (keyOrFlags: string | object, value?: unknown) => hub.publish(table.set(keyOrFlags, value)),
    remove(key) {
      table.remove(key);
      hub.publish([key]);
    },
    reads: record.reads,
    tracked: record.tracked,
    forget: record.forget,
    goOnline,
    goOffline: hub.goOffline,
  };
  return Object.assign(client, controls) as unknown as TestClient<Flags>;
}
