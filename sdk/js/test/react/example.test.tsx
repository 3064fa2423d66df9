// @vitest-environment happy-dom
// The component that docs/sdk/react.md shows, as it is built: through the package's own exports.
import { createClient } from "@peekaboo/sdk";
import { PeekabooProvider } from "@peekaboo/sdk/react";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Shop } from "../../../../examples/react/src/shop.js";
import { goLive, turn } from "../support/client.js";
import { createFakeClock } from "../support/clock.js";
import { answer, createFakeHub, delta } from "../support/hub.js";

afterEach(cleanup);

test("the example follows its flags and signs in", async () => {
  const hub = createFakeHub();
  const client = createClient({
    key: "pbc_test",
    url: "ws://hub.test:6001",
    storage: null,
    page: null,
    usage: false,
    clock: createFakeClock(),
    WebSocket: hub.WebSocket,
  });
  await turn();
  render(
    <PeekabooProvider client={client}>
      <Shop />
    </PeekabooProvider>,
  );
  expect(screen.getByRole("heading").textContent).toBe("Welcome");
  act(() => goLive({ hub }, 1, { "banner-text": "Sale", "new-checkout": false }));
  expect(screen.getByRole("heading").textContent).toBe("Sale");
  expect(screen.getByRole("button", { name: "Buy now" })).toBeTruthy();
  act(() => hub.socket().say(delta(2, { "new-checkout": true })));
  expect(screen.getByRole("button", { name: "Express checkout" })).toBeTruthy();
  act(() => screen.getByRole("button", { name: "Sign in" }).click());
  expect(hub.socket().take()).toEqual([[1, { targetingKey: "user-2", plan: "pro" }]]);
  act(() => hub.socket().say(answer(2, { "banner-text": "Hej" })));
  expect(screen.getByRole("heading").textContent).toBe("Hej");
  client.close();
});
