/** What somebody pastes into their application to connect it. */
export interface SnippetInput {
  key: string;
  url: string;
  /** A flag to read, of the project if it has any. */
  flag: string;
}

export type SnippetKind = "browser" | "node" | "protocol";

export interface Snippet {
  kind: SnippetKind;
  label: string;
  install: string | null;
  code: string;
}

export function snippets({ key, url, flag }: SnippetInput): Snippet[] {
  return [
    {
      kind: "browser",
      label: "Browser",
      install: "npm install @peekaboo/sdk",
      code: `import { createClient } from "@peekaboo/sdk";

const flags = createClient({
  key: "${key}",
  url: "${url}",
  context: { targetingKey: "user-1" },
});

await flags.ready();
console.log("${flag}:", flags.bool("${flag}", false));

flags.on("change", ({ keys }) => console.log("changed:", keys));`,
    },
    {
      kind: "node",
      label: "Node",
      install: "npm install @peekaboo/sdk ws",
      code: `import { createClient } from "@peekaboo/sdk";
import { WebSocket } from "ws";

const flags = createClient({
  key: "${key}",
  url: "${url}",
  context: { targetingKey: "user-1" },
  WebSocket, // Node 22 has its own
});

await flags.ready();
console.log("${flag}:", flags.bool("${flag}", false));

flags.on("change", ({ keys }) => console.log("changed:", keys));`,
    },
    {
      kind: "protocol",
      label: "Any language",
      install: null,
      code: `GET ${url}
Upgrade: websocket
Sec-WebSocket-Protocol: peekaboo.v1

Each message is one MessagePack array in a binary frame.

you → [0, "${key}", nil, {"targetingKey": "user-1"}, "my-sdk/1.0"]
hub → [16, connection, epoch, version, mode, heartbeatSeconds]
hub → [17, version, {"${flag}": [value, variation, reason, flagVersion]}, nil]
hub → [18, nil, version, committedAtMicros, changed, deleted, nil, nil]   on each change`,
    },
  ];
}
