import { version } from "@peekaboo/sdk/package.json";
import type { FlagType, KeyKind } from "@/api/types";

/** What somebody pastes into their application to connect it. */
export interface SnippetInput {
  /** A client key. A server key is a secret, which nobody can be shown. */
  key: string;
  /** Where the stream is. */
  url: string;
  /** A flag to read, of the project if it has any. */
  flag: { key: string; type: FlagType };
}

export type SnippetKind = "page" | "bundled" | "react" | "node" | "rust" | "openfeature" | "protocol";

export interface Snippet {
  kind: SnippetKind;
  /** The kind of key that it connects with. */
  needs: KeyKind;
  install: string | null;
  code: string;
}

/** How a flag of each type is read, with the default that stands in until there is a value. */
const READ: Record<FlagType, { method: string; python: string; fallback: string; rust: string }> = {
  boolean: { method: "bool", python: "boolean", fallback: "false", rust: "false" },
  string: { method: "string", python: "string", fallback: '""', rust: '""' },
  number: { method: "number", python: "integer", fallback: "0", rust: "0.0" },
  object: { method: "object", python: "object", fallback: "{}", rust: "serde_json::json!({})" },
};

/** The crate, the runtime, and what an object is read as. */
const CRATES =
  "cargo add --path PATH-TO-PEEKABOO/sdk/rust && cargo add tokio --features full && cargo add serde_json";

/** Where the hub serves the SDK as a module: on the port of the stream. */
export function moduleUrl(stream: string): string {
  return `${address(stream)}/sdk/v1/js/peekaboo.min.js`;
}

/** Where the hub serves the SDK as a package that npm installs. Its name holds the version, which is the hub's own. */
export function packageUrl(stream: string): string {
  return `${address(stream)}/sdk/v1/js/peekaboo-sdk-${version}.tgz`;
}

/** Where the hub is asked by HTTP. */
function address(stream: string): string {
  return stream.replace(/^ws/, "http").replace(/\/sdk\/v1\/stream$/, "");
}

export function snippets({ key, url, flag }: SnippetInput): Snippet[] {
  const { method, python, fallback, rust } = READ[flag.type];
  const install = `npm install ${packageUrl(url)}`;
  const client = `createClient({
  key: "${key}",
  url: "${url}",
  context: { targetingKey: "user-1" },
})`;
  const read = `flags.${method}("${flag.key}", ${fallback})`;
  const follow = `const flags = ${client};
const render = () => console.log("${flag.key}:", ${read});

await flags.ready(2000); // defaults are served if the hub takes longer
render();
flags.on("change", render);
flags.on("error", ({ message }) => console.warn(message));`;
  return [
    {
      kind: "page",
      needs: "client",
      install: null,
      code: `<script>
  // Your page. It renders with defaults first, and never waits for flags.
  function render(flags) {
    console.log("${flag.key}:", flags ? ${read} : ${fallback});
  }
  render();
</script>
<script type="module">
  // On its own: if the hub is down, this module does not load and the page keeps its defaults.
  import { createClient } from "${moduleUrl(url)}";

  const flags = createClient({
    key: "${key}",
    url: "${url}",
    context: { targetingKey: "user-1" },
  });
  await flags.ready(2000);
  render(flags);
  flags.on("change", () => render(flags));
  flags.on("error", ({ message }) => console.warn(message));
</script>`,
    },
    {
      kind: "bundled",
      needs: "client",
      install,
      code: `import { createClient } from "@peekaboo/sdk";

${follow}`,
    },
    {
      kind: "react",
      needs: "client",
      install,
      code: `import { createClient } from "@peekaboo/sdk";
import { PeekabooProvider, useFlag } from "@peekaboo/sdk/react";
import { createRoot } from "react-dom/client";

const client = ${client};

function App() {
  const value = useFlag("${flag.key}", ${fallback});
  return <p>${flag.key}: {JSON.stringify(value)}</p>;
}

createRoot(document.getElementById("root")).render(
  <PeekabooProvider client={client}>
    <App />
  </PeekabooProvider>,
);`,
    },
    {
      kind: "node",
      needs: "server",
      install: `${install} ws`,
      code: `import { createServerClient } from "@peekaboo/sdk/node";

const flags = createServerClient({
  key: process.env.PEEKABOO_KEY,
  url: "${url}",
});
const user = { targetingKey: "user-1" };

await flags.ready(2000); // defaults are served if the hub takes longer
console.log("${flag.key}:", flags.${method}("${flag.key}", ${fallback}, user));

flags.on("change", ({ keys }) => console.log("changed:", keys));
flags.on("error", ({ message }) => console.warn(message));`,
    },
    {
      kind: "rust",
      needs: "server",
      install: CRATES,
      code: `use std::{env, error::Error, time::Duration};

use peekaboo_sdk::{Client, Context};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let flags = Client::builder(env::var("PEEKABOO_KEY")?)
        .url("${url}")
        .build()?;
    let user = Context::new("user-1");

    if let Err(error) = flags.ready(Duration::from_secs(2)).await {
        eprintln!("serving defaults for now: {error}");
    }
    println!("${flag.key}: {}", flags.${method}("${flag.key}", &user, ${rust}));

    let mut changes = flags.changes();
    while let Some(change) = changes.next().await {
        println!("changed: {:?}", change.keys);
    }
    Ok(())
}`,
    },
    {
      kind: "openfeature",
      needs: "server",
      install: "pip install openfeature-sdk openfeature-provider-ofrep",
      code: `# Python. Go, Java, .NET, Ruby and Rust have a provider for OFREP too.
import os

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

key = os.environ["PEEKABOO_KEY"]
api.set_provider_and_wait(OFREPProvider(
    "${address(url)}",
    headers_factory=lambda: {"Authorization": f"Bearer {key}"},
))

user = EvaluationContext(targeting_key="user-1")
flags = api.get_client()
print("${flag.key}:", flags.get_${python}_value("${flag.key}", ${fallback === "false" ? "False" : fallback}, user))`,
    },
    {
      kind: "protocol",
      needs: "client",
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
