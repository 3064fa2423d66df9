// What a wrong address is told as, over real sockets.
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diagnose } from "../src/diagnose.js";
import { createServerClient } from "../src/node/index.js";
import type { ClientError } from "../src/types.js";

const STREAM = "/sdk/v1/stream";
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Listens on a port of its own; returns the port. */
async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const port = await serve(() => undefined);
  closing.pop()?.();
  return port;
}

const hub: RequestListener = (_, response) => {
  response.writeHead(426, { "content-type": "text/plain; charset=utf-8" });
  response.end("this endpoint is a stream: connect with a WebSocket, as the Peek-a-boo SDKs do\n");
};

const dashboard: RequestListener = (_, response) => {
  response.writeHead(404, { "content-type": "application/json" });
  response.end(
    JSON.stringify({ detail: "this is the dashboard's address; applications connect to http://sdk" }),
  );
};

const website: RequestListener = (_, response) => {
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html>");
};

describe("why there is no connection", () => {
  test("nothing listens there", async () => {
    const url = `ws://127.0.0.1:${await closedPort()}${STREAM}`;
    expect(await diagnose(url)).toEqual({
      hub: false,
      message: expect.stringMatching(new RegExp(`^cannot connect to ${url}: .*ECONNREFUSED`)),
    });
  });

  test.each([
    [
      "the dashboard's port",
      dashboard,
      "responded with HTTP 404: this is the dashboard's address; applications connect to",
    ],
    ["another site", website, "not a hub's stream: the server responded with HTTP 200; check `url`"],
  ])("%s", async (_, answer, expected) => {
    const { hub: found, message } = await diagnose(`ws://127.0.0.1:${await serve(answer)}${STREAM}`);
    expect(found).toBe(false);
    expect(message).toContain(expected);
  });

  test("https for a hub without TLS", async () => {
    const at = `127.0.0.1:${await serve(hub)}${STREAM}`;
    expect(await diagnose(`wss://${at}`)).toEqual({
      hub: false,
      message: `cannot connect to wss://${at}: the hub responded without TLS, so use ws://${at}`,
    });
  });

  test("a hub answers, but sockets do not get through", async () => {
    const { hub: found, message } = await diagnose(`ws://127.0.0.1:${await serve(hub)}${STREAM}`);
    expect(found).toBe(true);
    expect(message).toContain("may block WebSockets");
  });
});

describe("a server client with a wrong address", () => {
  async function errorsOf(url: string): Promise<ClientError[]> {
    const client = createServerClient({ key: "pbs_x", url });
    const errors: ClientError[] = [];
    client.on("error", (error) => errors.push(error));
    await vi.waitFor(() => expect(errors).not.toEqual([]), 5_000);
    expect(client.status).toBe("reconnecting");
    await client.close();
    return errors;
  }

  test("reports one temporary error with the cause", async () => {
    const port = await serve(dashboard);
    expect(await errorsOf(`http://127.0.0.1:${port}`)).toEqual([
      {
        code: "unreachable",
        message: expect.stringContaining("this is the dashboard's address"),
        temporary: true,
      },
    ]);
  });

  test("prints it where nobody listens", async () => {
    const printed = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const client = createServerClient({ key: "pbs_x", url: `http://127.0.0.1:${await closedPort()}` });
    await vi.waitFor(() => expect(printed).toHaveBeenCalledOnce(), 5_000);
    expect(printed.mock.calls[0]).toEqual(["peekaboo:", expect.stringContaining("ECONNREFUSED")]);
    await client.close();
    printed.mockRestore();
  });
});
