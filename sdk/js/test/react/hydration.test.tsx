// @vitest-environment happy-dom
// A page rendered by react-dom/server, then taken over by hydrateRoot: whatever React calls an error fails the test.
import { act } from "@testing-library/react";
import type { ReactNode } from "react";
import { StrictMode, Suspense } from "react";
import type { Root } from "react-dom/client";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  Flag,
  PeekabooProvider,
  useFlag,
  useFlagDetail,
  useFlags,
  usePeekaboo,
} from "../../src/react/index.js";
import type { Json } from "../../src/types.js";
import { live, start } from "../support/client.js";
import { delta } from "../support/hub.js";

const BOOTSTRAP = { theme: "dawn", on: true, shape: { columns: 3 }, none: null };
const SERVED = { theme: "dawn", on: true, shape: { columns: 3 } };

let root: Root | undefined;
let complaints: unknown[] = [];

beforeEach(() => {
  complaints = [];
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.spyOn(console, "error").mockImplementation((...said) => complaints.push(said));
});

afterEach(() => {
  act(() => root?.unmount());
  root = undefined;
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  expect(complaints).toEqual([]);
});

const fallback = { columns: 1 };

/** Every way to read a flag. */
function Page(): ReactNode {
  const client = usePeekaboo();
  return (
    <main>
      <h1>{useFlag("theme", "none")}</h1>
      <p>{useFlag("shape", fallback).columns}</p>
      <p>{useFlag("nowhere", "mine")}</p>
      <code>{JSON.stringify(useFlagDetail("theme", ""))}</code>
      <pre>{JSON.stringify(useFlags())}</pre>
      <Flag name="on" fallback={<s>old</s>}>
        <b>new</b>
      </Flag>
      <button type="button" onClick={() => void client?.identify({})}>
        Sign out
      </button>
    </main>
  );
}

function serverHtml(bootstrap?: Record<string, Json>): string {
  return renderToString(
    <StrictMode>
      <PeekabooProvider bootstrap={bootstrap}>
        <Page />
      </PeekabooProvider>
    </StrictMode>,
  );
}

/** Takes a page over, and returns what it is in. */
function hydrate(html: string, page: ReactNode): HTMLElement {
  const container = document.createElement("div");
  container.innerHTML = html;
  document.body.append(container);
  act(() => {
    root = hydrateRoot(container, <StrictMode>{page}</StrictMode>, {
      onRecoverableError: (error) => complaints.push(error),
    });
  });
  return container;
}

test("a server renders the bootstrap's values", () => {
  const html = serverHtml(BOOTSTRAP);
  expect(html).toContain("<h1>dawn</h1><p>3</p><p>mine</p>");
  expect(html).toContain("<b>new</b>");
  document.body.innerHTML = html;
  expect(JSON.parse(document.querySelector("pre")?.textContent ?? "")).toEqual(SERVED);
});

test("a server without a bootstrap renders the defaults", () => {
  const html = serverHtml();
  expect(html).toContain("<h1>none</h1><p>1</p><p>mine</p>");
  expect(html).toContain("<s>old</s>");
});

test("hydrates with the same bootstrap, and follows the client from there", async () => {
  const rig = await start({ bootstrap: BOOTSTRAP });
  const html = serverHtml(BOOTSTRAP);
  const container = hydrate(
    html,
    <PeekabooProvider client={rig.client} bootstrap={BOOTSTRAP}>
      <Page />
    </PeekabooProvider>,
  );
  expect(container.innerHTML).toBe(html.replaceAll("&quot;", '"'));
  const before = container.querySelector("h1");
  act(() => {
    rig.hub.socket().open();
    rig.hub.socket().say([16, "c1", "e", 7, 2, 25]);
    rig.hub
      .socket()
      .say([17, 7, { theme: ["dusk", "v", "SPLIT", 3], on: [false, "off", "STATIC", 1] }, null]);
  });
  expect(container.querySelector("h1")).toBe(before);
  expect(before?.textContent).toBe("dusk");
  expect(container.querySelector("s")?.textContent).toBe("old");
});

test("hydrates without a mismatch where the client already knows better, then shows that", async () => {
  const rig = await live({ theme: "dusk", on: false, shape: { columns: 5 } });
  const container = hydrate(
    serverHtml(BOOTSTRAP),
    <PeekabooProvider client={rig.client} bootstrap={BOOTSTRAP}>
      <Page />
    </PeekabooProvider>,
  );
  expect(container.querySelector("h1")?.textContent).toBe("dusk");
  expect(container.querySelector("p")?.textContent).toBe("5");
  expect(container.querySelector("s")?.textContent).toBe("old");
  expect(container.querySelector("code")?.textContent).toContain("v-dusk");
  expect(JSON.parse(container.querySelector("pre")?.textContent ?? "")).toEqual(rig.client.allFlags());
});

test("hydrates the defaults where the server had no values", async () => {
  const rig = await live({ theme: "dusk", on: true });
  const container = hydrate(
    serverHtml(),
    <PeekabooProvider client={rig.client}>
      <Page />
    </PeekabooProvider>,
  );
  expect(container.querySelector("h1")?.textContent).toBe("dusk");
  expect(container.querySelector("b")?.textContent).toBe("new");
});

test("does not wait in Suspense for a client where there is a bootstrap", async () => {
  const rig = await start();
  const page = (client?: typeof rig.client) => (
    <PeekabooProvider client={client} bootstrap={BOOTSTRAP} suspend>
      <Suspense fallback="waiting">
        <Page />
      </Suspense>
    </PeekabooProvider>
  );
  const container = hydrate(renderToString(<StrictMode>{page()}</StrictMode>), page(rig.client));
  expect(container.textContent).not.toContain("waiting");
});

test("a provider without a client keeps to the bootstrap that it was first given", () => {
  const view = (bootstrap: Record<string, Json>) => (
    <PeekabooProvider bootstrap={bootstrap}>
      <Page />
    </PeekabooProvider>
  );
  const container = hydrate(serverHtml(BOOTSTRAP), view(BOOTSTRAP));
  act(() => root?.render(<StrictMode>{view({ theme: "dusk" })}</StrictMode>));
  expect(container.querySelector("h1")?.textContent).toBe("dawn");
});

test("React would have reported a mismatch", () => {
  hydrate(
    serverHtml({ theme: "dusk" }),
    <PeekabooProvider bootstrap={BOOTSTRAP}>
      <Page />
    </PeekabooProvider>,
  );
  expect(complaints.length).toBeGreaterThan(0);
  complaints = [];
});

test("a change during hydration is not lost", async () => {
  const rig = await live({ ...SERVED });
  let changed = false;
  function Changing(): ReactNode {
    const theme = useFlag("theme", "");
    if (!changed) {
      changed = true;
      rig.hub.socket().say(delta(2, { theme: "dusk" }));
    }
    return <h1>{theme}</h1>;
  }
  const container = hydrate(
    "<h1>dawn</h1>",
    <PeekabooProvider client={rig.client} bootstrap={BOOTSTRAP}>
      <Changing />
    </PeekabooProvider>,
  );
  expect(container.querySelector("h1")?.textContent).toBe("dusk");
});
