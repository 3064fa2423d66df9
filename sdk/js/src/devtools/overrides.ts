/** Values that a developer has put in place of the hub's: in this tab, until they are removed or the tab is closed. */

import { fingerprint } from "../fingerprint.js";
import type { Inside } from "../inside.js";
import { attempt } from "../json.js";
import type { Json, ValueStorage } from "../types.js";
import type { FlagValue, State } from "../values.js";
import { readValues } from "../values.js";

export interface Overrides {
  has(key: string): boolean;
  /** How many there are. */
  size(): number;
  /** Serves the value, whatever the hub says. The client's listeners are notified of the change. */
  set(key: string, value: Json): void;
  remove(key: string): void;
  removeAll(): void;
  /** What the hub serves, overridden or not. */
  original(): State | null;
  /** Leaves the client as it was. */
  end(): void;
}

export function createOverrides(inside: Inside, storage: ValueStorage | null): Overrides {
  const { state, changed } = inside;
  const name = `peekaboo:overrides:${fingerprint(inside.key + inside.url)}`;
  let values: ReadonlyMap<string, FlagValue> = new Map();

  function over(received: State): State {
    if (values.size === 0) return received;
    return { ...received, values: new Map([...received.values, ...values]) };
  }

  function patched(): State | null {
    const received = state();
    return received && over(received);
  }

  /** Puts these in place of those there were, and tells what that changed. */
  function put(next: Record<string, Json>): void {
    const before = patched();
    values = readValues(
      Object.fromEntries(
        Object.entries(next).map(([key, value]) => [key, [value, "override", "OVERRIDE", 0]]),
      ),
    );
    const after = patched();
    if (after) changed(before, after, null);
  }

  function keep(next: Record<string, Json>): void {
    attempt(() => storage?.setItem(name, JSON.stringify(next)));
    put(next);
  }

  const plain = (): Record<string, Json> =>
    Object.fromEntries([...values].map(([key, [value]]) => [key, value]));

  inside.state = patched;
  inside.changed = (before, after, committedAt) => changed(before && over(before), over(after), committedAt);
  const kept = attempt(() => JSON.parse(storage?.getItem(name) ?? "{}"));
  if (kept && Object.keys(kept).length > 0) put(kept);

  return {
    has: (key) => values.has(key),
    size: () => values.size,
    set: (key, value) => keep({ ...plain(), [key]: value }),
    remove(key) {
      const { [key]: _, ...others } = plain();
      keep(others);
    },
    removeAll: () => keep({}),
    original: state,
    end() {
      put({});
      inside.state = state;
      inside.changed = changed;
    },
  };
}
