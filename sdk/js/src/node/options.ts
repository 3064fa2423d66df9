/** What the caller gave, checked once; the platform's own parts where nothing was given. */

import { platformClock } from "../clock.js";
import type { Ruleset } from "../engine/ruleset.js";
import { loadRuleset } from "../engine/ruleset.js";
import { check } from "../json.js";
import { streamUrl } from "../options.js";
import type { SocketConstructor } from "../types.js";
import { parseRuleset } from "./parse.js";
import type { ServerOptions } from "./types.js";

/** @throws an error that names the option and says what it should be. */
export function parseServerOptions({
  key = "",
  url = "",
  file,
  offline = false,
  bootstrap,
  rulesFile,
  usage = true,
  WebSocket,
  clock = platformClock,
  random = Math.random,
}: ServerOptions) {
  const local = offline || file !== undefined;
  check(local || key.startsWith("pbs_"), "`key` must be a server key (pbs_…)");
  check(!(offline && file), "`offline` and `file` cannot be used together: remove one of them");
  return {
    key,
    url: local ? "" : streamUrl(url),
    file,
    local,
    rulesFile: local ? undefined : rulesFile,
    initial: readInitial(bootstrap, offline),
    usage: usage && !local,
    socket: WebSocket ? async () => WebSocket : platformSocket,
    clock,
    random,
  };
}

/** A copy, since rules are frozen. Who is offline without rules has none to wait for. */
function readInitial(bootstrap: ServerOptions["bootstrap"], offline: boolean): Ruleset | null {
  if (bootstrap === undefined) return offline ? loadRuleset({}) : null;
  try {
    return parseRuleset(JSON.stringify(bootstrap));
  } catch (error) {
    throw new RangeError(
      `\`bootstrap\` must be a ruleset: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** The global one, else that of the `ws` package. Rejects where there is neither. */
async function platformSocket(): Promise<SocketConstructor> {
  if (globalThis.WebSocket) return globalThis.WebSocket as SocketConstructor;
  const { WebSocket } = await import("ws");
  return WebSocket as unknown as SocketConstructor;
}
