/**
 * A client as the parts that are loaded later see it: usage, the fallback, the devtools. Every function is looked up
 * when it is called, so that a part may put its own in place of one. Nothing of this is for applications.
 */

import type { Connection, ConnectionOptions } from "./connection.js";
import type { Codec } from "./msgpack.js";
import type { PageOptions } from "./page.js";
import type { Session, SessionOptions } from "./session.js";
import type { ClientEvents, Detail, Json } from "./types.js";

/** Something that an application did: read a flag, or tracked an event at a time for someone. */
export type Note =
  | readonly [flag: string, detail: Detail<unknown>]
  | readonly [
      event: string,
      detail: null,
      at: number,
      targetingKey: Json | undefined,
      value: number | undefined,
    ];

export interface Inside extends ConnectionOptions, PageOptions, SessionOptions, Connection, Session, Codec {
  /** Takes down what an application does; keeps it for later as long as usage is not loaded. */
  note(...note: Note): void;
  on<E extends keyof ClientEvents>(event: E, listener: ClientEvents[E]): () => void;
}

/** A module that is loaded once it is needed. */
export interface Part {
  /** Begins its work. `notes` is what was taken down until now, of `noted` in all: there is room for only so much. */
  start(inside: Inside, notes: readonly Note[], noted: number): void;
}

/** What `createClient` returns, with its inside. */
export interface WithInside {
  readonly inside: Inside;
}
