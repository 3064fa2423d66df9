/** What a tab has received, so that it can tell other tabs, and go on in place of one that is gone. */

import type { ServerFrame } from "../frames.js";
import * as type from "../frames.js";
import type { State } from "../values.js";
import { patch, readValues } from "../values.js";

/** The state after a frame; the same where the frame changes nothing. `epoch` is that of the connection. */
export function follow(state: State | null, frame: ServerFrame, epoch: string): State | null {
  switch (frame[0]) {
    case type.WELCOME:
      return state && frame[4] === type.CURRENT
        ? { ...state, version: Math.max(frame[3], state.version) }
        : state;
    case type.SNAPSHOT:
      return { epoch, version: frame[1], values: readValues(frame[2]) };
    case type.DELTA: {
      const [, , to, , put, deleted] = frame;
      if (!state || to < state.version) return state;
      return { ...state, version: to, values: patch(state.values, readValues(put), deleted) };
    }
    default:
      return state;
  }
}
