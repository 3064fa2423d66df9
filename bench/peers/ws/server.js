// A broadcast by Node's `ws`, as its documentation shows it: what one client sends goes to all others.
//
// `peekaboo-bench` runs it in the folder where `bench/peers/install ws` put the package. It listens on any free port of
// the loopback and says which as one line of JSON, with what it runs on.

import { createRequire } from "node:module";
import { WebSocket, WebSocketServer } from "ws";

const require = createRequire(`${process.cwd()}/`);

/** The documentation's advice for speed: masking in native code. `ws` finds it by itself. */
function hasBufferutil() {
  try {
    return typeof require("bufferutil").mask === "function";
  } catch {
    return false;
  }
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, backlog: 4096 });

server.on("connection", (socket) => {
  socket.on("error", console.error);
  socket.on("message", (data, isBinary) => {
    for (const client of server.clients) {
      if (client !== socket && client.readyState === WebSocket.OPEN) {
        client.send(data, { binary: isBinary });
      }
    }
  });
});

server.on("listening", () => {
  const listening = {
    port: server.address().port,
    version: require("ws/package.json").version,
    node: process.version,
    bufferutil: hasBufferutil(),
  };
  process.stdout.write(`${JSON.stringify(listening)}\n`);
});
