import type { FlagType } from "@/api/types";

/** What somebody pastes into their application to connect it. */
export interface SnippetInput {
  key: string;
  /** Where the stream is. */
  url: string;
  /** A flag to read, of the project if it has any. */
  flag: { key: string; type: FlagType };
}

export type SnippetKind = "page" | "browser" | "node" | "protocol";

export interface Snippet {
  kind: SnippetKind;
  label: string;
  install: string | null;
  code: string;
}

/** How a flag of each type is read, with the default that stands in until there is a value. */
const READ: Record<FlagType, (key: string) => string> = {
  boolean: (key) => `flags.bool("${key}", false)`,
  string: (key) => `flags.string("${key}", "")`,
  number: (key) => `flags.number("${key}", 0)`,
  object: (key) => `flags.object("${key}", {})`,
};

/** Where the hub serves the SDK as a module: on the port of the stream. */
export function moduleUrl(stream: string): string {
  return stream.replace(/^ws/, "http").replace(/stream$/, "js/peekaboo.min.js");
}

export function snippets({ key, url, flag }: SnippetInput): Snippet[] {
  const read = READ[flag.type](flag.key);
  const use = (more = "") => `const flags = createClient({
  key: "${key}",
  url: "${url}",
  context: { targetingKey: "user-1" },${more}
});

await flags.ready();
console.log("${flag.key}:", ${read});

flags.on("change", ({ keys }) => console.log("changed:", keys));`;
  return [
    {
      kind: "page",
      label: "Web page",
      install: null,
      code: `<script type="module">
import { createClient } from "${moduleUrl(url)}";

${use()}
</script>`,
    },
    {
      kind: "browser",
      label: "Bundled",
      install: "npm install PATH-TO-PEEKABOO/sdk/js",
      code: `import { createClient } from "@peekaboo/sdk";

${use()}`,
    },
    {
      kind: "node",
      label: "Node",
      install: "npm install PATH-TO-PEEKABOO/sdk/js ws",
      code: `import { createClient } from "@peekaboo/sdk";
import { WebSocket } from "ws";

${use("\n  WebSocket, // Node 22 has its own")}`,
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
hub → [17, version, {"${flag.key}": [value, variation, reason, flagVersion]}, nil]
hub → [18, nil, version, committedAtMicros, changed, deleted, nil, nil]   on each change`,
    },
  ];
}
