// A browser whose tabs see each other: Web Locks and BroadcastChannel in the test's hands.
import type { Channel, LockManagerLike } from "../../src/tabs/index.js";

export interface FakeBrowser {
  readonly locks: LockManagerLike;
  readonly BroadcastChannel: new (name: string) => Channel;
  /** No one hears anyone from now on. */
  mute(): void;
  /** How many wait for a lock, or hold one. */
  queued(): number;
}

export function createFakeBrowser(): FakeBrowser {
  const channels = new Set<FakeChannel>();
  const queues = new Map<string, { run(): void }[]>();
  let muted = false;

  class FakeChannel implements Channel {
    onmessage: Channel["onmessage"] = null;
    constructor(readonly name: string) {
      channels.add(this);
    }
    postMessage(message: unknown): void {
      const data = structuredClone(message);
      for (const other of channels) {
        if (other === this || other.name !== this.name || muted) continue;
        queueMicrotask(() => {
          if (channels.has(other)) other.onmessage?.({ data } as never);
        });
      }
    }
    close(): void {
      channels.delete(this);
    }
  }

  return {
    BroadcastChannel: FakeChannel,
    locks: {
      request(name, { signal }, held) {
        const queue = queues.get(name) ?? [];
        queues.set(name, queue);
        return new Promise((resolve, reject) => {
          let holds = false;
          const leave = (): void => {
            queue.splice(queue.indexOf(waiter), 1);
          };
          const waiter = {
            run() {
              holds = true;
              void held().then(() => {
                leave();
                resolve(undefined);
                queue[0]?.run();
              });
            },
          };
          signal.addEventListener("abort", () => {
            if (holds) return;
            leave();
            reject(new Error("aborted"));
          });
          queue.push(waiter);
          queueMicrotask(() => {
            if (queue[0] === waiter && !holds) waiter.run();
          });
        });
      },
    },
    mute() {
      muted = true;
    },
    queued: () => [...queues.values()].flat().length,
  };
}
