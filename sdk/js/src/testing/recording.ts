/** What an application did with its flags during a test. */

import type { Read, Tracked } from "./types.js";

export interface Recording {
  addRead(key: string, read: Read): void;
  addTracked(event: string, tracked: Tracked): void;
  reads(key: string): readonly Read[];
  tracked(event: string): readonly Tracked[];
  forget(): void;
}

export function createRecording(): Recording {
  const reads = new Map<string, Read[]>();
  const tracked = new Map<string, Tracked[]>();

  function add<T>(lists: Map<string, T[]>, name: string, item: T): void {
    lists.set(name, [...(lists.get(name) ?? []), item]);
  }

  return {
    addRead: (key, read) => add(reads, key, read),
    addTracked: (event, item) => add(tracked, event, item),
    reads: (key) => reads.get(key) ?? [],
    tracked: (event) => tracked.get(event) ?? [],
    forget() {
      reads.clear();
      tracked.clear();
    },
  };
}
