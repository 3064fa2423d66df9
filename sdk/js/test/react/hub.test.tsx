// @vitest-environment happy-dom
// Components next to the real hub, `PEEKABOO_BIN`, else the debug build: what an admin changes is what is shown.
import { cleanup, configure, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { StrictMode, Suspense } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../../src/index.js";
import { Flag, PeekabooProvider, useFlag, useFlagDetail, usePeekaboo } from "../../src/react/index.js";
import type { FlagClient, SocketConstructor } from "../../src/types.js";
import { demoHub, until } from "../support/binary.js";

// The hub is another process, and may take its time.
configure({ asyncUtilTimeout: 20_000 });

const hub = demoHub();
let client: FlagClient;

beforeEach(async () => {
  await hub.admin.patchTargeting("new-checkout", { enabled: false });
});

function connect(): void {
  client = createClient({
    key: hub.ready.demo.clientKey,
    url: hub.ready.stream,
    context: { targetingKey: "user-1", country: "DE" },
    storage: null,
    usage: false,
    WebSocket: WebSocket as unknown as SocketConstructor,
    random: () => 0.1,
  });
}

afterEach(() => {
  cleanup();
  client.close();
});

function Checkout(): ReactNode {
  return (
    <Flag name="new-checkout" fallback={<button type="button">Buy now</button>}>
      <button type="button">Express checkout</button>
    </Flag>
  );
}

function Theme(): ReactNode {
  const { value, reason } = useFlagDetail("hero-theme", "none");
  return <output>{`${value}: ${reason}`}</output>;
}

function Shop({ suspend = false }: { suspend?: boolean }): ReactNode {
  return (
    <StrictMode>
      <PeekabooProvider client={client} suspend={suspend}>
        <Suspense fallback={<p>waiting</p>}>
          <Checkout />
          <Theme />
        </Suspense>
      </PeekabooProvider>
    </StrictMode>
  );
}

test("shows every toggle that an admin makes", async () => {
  connect();
  render(<Shop />);
  await screen.findByText("dawn: DEFAULT");
  for (const enabled of [true, false, true]) {
    await hub.admin.patchTargeting("new-checkout", { enabled });
    await screen.findByRole("button", { name: enabled ? "Express checkout" : "Buy now" });
  }
});

test("waits in Suspense for the hub's first values, and shows no default before them", async () => {
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  connect();
  render(<Shop suspend />);
  expect(screen.getByText("waiting")).toBeTruthy();
  expect(screen.queryByRole("button")).toBe(null);
  await screen.findByRole("button", { name: "Express checkout" });
  expect(screen.queryByText("waiting")).toBe(null);
});

test("shows the next user what is theirs", async () => {
  function SignIn(): ReactNode {
    const flags = usePeekaboo();
    return (
      <button type="button" onClick={() => void flags?.identify({ targetingKey: "user-2", country: "SE" })}>
        Sign in
      </button>
    );
  }
  connect();
  render(
    <PeekabooProvider client={client}>
      <SignIn />
      <Theme />
    </PeekabooProvider>,
  );
  await screen.findByText("dawn: DEFAULT");
  screen.getByRole("button", { name: "Sign in" }).click();
  await screen.findByText("fjord: TARGETING_MATCH");
});

test("renders a component again for its own flag's change, and for no other", async () => {
  const renderings = { banner: 0, checkout: 0 };
  function Banner(): ReactNode {
    renderings.banner++;
    return <h1>{useFlag("banner-text", "")}</h1>;
  }
  function Counted(): ReactNode {
    renderings.checkout++;
    return <output>{String(useFlag("new-checkout", false))}</output>;
  }
  connect();
  await until(() => client.status === "live", "the client to be live");
  render(
    <PeekabooProvider client={client}>
      <Banner />
      <Counted />
    </PeekabooProvider>,
  );
  const before = { ...renderings };
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("true"));
  expect(renderings).toEqual({ banner: before.banner, checkout: before.checkout + 1 });
});

test("goes on showing the last values without the hub, and the new ones once it is back", async () => {
  connect();
  render(<Shop />);
  await screen.findByText("dawn: DEFAULT");
  await hub.stop();
  await until(() => client.status === "reconnecting", "the hub's end to be noticed");
  expect(screen.getByText("dawn: DEFAULT")).toBeTruthy();
  await hub.restart();
  await hub.admin.patchTargeting("new-checkout", { enabled: true });
  await screen.findByRole("button", { name: "Express checkout" }, { timeout: 40_000 });
});
