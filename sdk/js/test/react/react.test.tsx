// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { StrictMode, Suspense, useState, version } from "react";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  Flag,
  PeekabooProvider,
  useFlag,
  useFlagDetail,
  useFlags,
  usePeekaboo,
} from "../../src/react/index.js";
import type { FlagClient } from "../../src/types.js";
import type { Rig } from "../support/client.js";
import { goLive, live, nextSocket, start, turn } from "../support/client.js";
import { answer, delta, snapshot, welcome } from "../support/hub.js";

afterEach(cleanup);

test("this is the React that vitest.config.ts says", () => {
  expect(version).toMatch(new RegExp(`^${process.env.REACT}\\.`));
});

/** How often each named component has rendered. */
function createCounts() {
  const counts: Record<string, number> = {};
  return {
    counts,
    rendered(name: string): void {
      counts[name] = (counts[name] ?? 0) + 1;
    },
  };
}

function say({ hub }: Rig, frame: readonly unknown[]): void {
  act(() => hub.socket().say(frame));
}

/** Lets something happen, and all that is promised of it. */
async function eventually(happen: () => void): Promise<void> {
  const over: Promise<void> = act(async () => {
    happen();
    await turn();
  });
  await over;
}

function Value({ flag }: { flag: string }): ReactNode {
  return <output>{JSON.stringify(useFlag(flag, null))}</output>;
}

function shown(): string | null {
  return screen.getByRole("status").textContent;
}

describe("useFlag", () => {
  test("gives a flag's value by the type of its default", async () => {
    const { client } = await live({ on: true, text: "hello", count: 2.5, shape: { columns: 3 } });
    function All(): ReactNode {
      const values = [
        useFlag("on", false),
        useFlag("text", ""),
        useFlag("count", 0),
        useFlag("shape", { columns: 1 }),
        useFlag("text", 7),
        useFlag("nowhere", "mine"),
      ];
      return <output>{JSON.stringify(values)}</output>;
    }
    render(<All />, {
      wrapper: ({ children }) => <PeekabooProvider client={client}>{children}</PeekabooProvider>,
    });
    expect(JSON.parse(shown() ?? "")).toEqual([true, "hello", 2.5, { columns: 3 }, 7, "mine"]);
  });

  test("shows a change the moment the client has it", async () => {
    const rig = await live({ theme: "dawn" });
    render(
      <PeekabooProvider client={rig.client}>
        <Value flag="theme" />
      </PeekabooProvider>,
    );
    expect(shown()).toBe('"dawn"');
    say(rig, delta(2, { theme: "dusk" }));
    expect(shown()).toBe('"dusk"');
    say(rig, delta(3, {}, ["theme"]));
    expect(shown()).toBe("null");
  });

  test("renders a component again for the flags that it reads, and for no others", async () => {
    const rig = await live({ a: 1, b: 1, c: 1 });
    const { counts, rendered } = createCounts();
    function One({ flag }: { flag: string }): ReactNode {
      rendered(flag);
      return useFlag(flag, 0);
    }
    function Silent(): ReactNode {
      rendered("silent");
      usePeekaboo();
      return null;
    }
    render(
      <PeekabooProvider client={rig.client}>
        <One flag="a" />
        <One flag="b" />
        <Silent />
      </PeekabooProvider>,
    );
    expect(counts).toEqual({ a: 1, b: 1, silent: 1 });
    say(rig, delta(2, { a: 2 }));
    expect(counts).toEqual({ a: 2, b: 1, silent: 1 });
    say(rig, delta(3, { c: 2 }));
    expect(counts).toEqual({ a: 2, b: 1, silent: 1 });
    say(rig, delta(4, { a: 3, b: 2 }));
    expect(counts).toEqual({ a: 3, b: 2, silent: 1 });
  });

  test("renders nothing again where a reconnection brings the same values", async () => {
    const rig = await live({ shape: { columns: 3 } });
    const { counts, rendered } = createCounts();
    const fallback = { columns: 1 };
    function Shape(): ReactNode {
      rendered("shape");
      return useFlag("shape", fallback).columns;
    }
    render(
      <PeekabooProvider client={rig.client}>
        <Shape />
      </PeekabooProvider>,
    );
    act(() => rig.hub.socket().end());
    nextSocket(rig.hub, rig.clock);
    act(() => goLive(rig, 2, { shape: { columns: 3 } }));
    expect(rig.statuses).toEqual(["live", "reconnecting", "live"]);
    expect(counts).toEqual({ shape: 1 });
  });

  test("accepts a default that every rendering creates again", async () => {
    const rig = await live({ shape: { columns: 3 } });
    const { counts, rendered } = createCounts();
    function Shapes(): ReactNode {
      rendered("shapes");
      return useFlag("shape", { columns: 1 }).columns + useFlag("nowhere", { columns: 1 }).columns;
    }
    const { container } = render(
      <PeekabooProvider client={rig.client}>
        <Shapes />
      </PeekabooProvider>,
    );
    expect(container.textContent).toBe("4");
    expect(counts).toEqual({ shapes: 1 });
    say(rig, delta(2, { shape: { columns: 5 } }));
    expect(container.textContent).toBe("6");
    expect(counts).toEqual({ shapes: 2 });
  });

  test("misses no change between rendering and mounting", async () => {
    const rig = await live({ theme: "dawn" });
    let changed = false;
    function Changing(): ReactNode {
      const theme = useFlag("theme", "");
      if (!changed) {
        changed = true;
        rig.hub.socket().say(delta(2, { theme: "dusk" }));
      }
      return <output>{theme}</output>;
    }
    render(
      <PeekabooProvider client={rig.client}>
        <Changing />
      </PeekabooProvider>,
    );
    expect(shown()).toBe("dusk");
  });

  test("follows another key when it is given one", async () => {
    const rig = await live({ a: 1, b: 2 });
    const view = (flag: string) => (
      <PeekabooProvider client={rig.client}>
        <Value flag={flag} />
      </PeekabooProvider>
    );
    const { rerender } = render(view("a"));
    rerender(view("b"));
    expect(shown()).toBe("2");
    say(rig, delta(2, { b: 3 }));
    expect(shown()).toBe("3");
  });

  test("shows the values of another client when the provider is given one", async () => {
    const first = await live({ theme: "dawn" });
    const second = await live({ theme: "dusk" });
    const view = ({ client }: Rig) => (
      <PeekabooProvider client={client}>
        <Value flag="theme" />
      </PeekabooProvider>
    );
    const { rerender } = render(view(first));
    rerender(view(second));
    expect(shown()).toBe('"dusk"');
    say(first, delta(2, { theme: "noon" }));
    expect(shown()).toBe('"dusk"');
    say(second, delta(2, { theme: "night" }));
    expect(shown()).toBe('"night"');
  });

  test("listens to nothing once it is gone", async () => {
    const rig = await live({ theme: "dawn" });
    const ends: ReturnType<typeof vi.fn>[] = [];
    const { on } = rig.client;
    const client = {
      ...rig.client,
      on: (...listening: Parameters<typeof on>) => {
        const end = vi.fn(on(...listening));
        ends.push(end);
        return end;
      },
    };
    const { unmount } = render(
      <PeekabooProvider client={client}>
        <Value flag="theme" />
      </PeekabooProvider>,
    );
    unmount();
    expect(ends.length).toBeGreaterThan(0);
    for (const end of ends) expect(end).toHaveBeenCalledOnce();
  });

  test("evaluates a flag once, however often its component renders", async () => {
    const rig = await live({ theme: "dawn" });
    const detail = vi.fn(rig.client.detail) as unknown as FlagClient["detail"];
    let again: () => void = () => undefined;
    function Again(): ReactNode {
      const [, setCount] = useState(0);
      again = () => setCount((count) => count + 1);
      return <output>{useFlag("theme", "")}</output>;
    }
    render(
      <PeekabooProvider client={{ ...rig.client, detail }}>
        <Again />
      </PeekabooProvider>,
    );
    const mounted = vi.mocked(detail).mock.calls.length;
    expect(mounted).toBeLessThanOrEqual(2);
    for (let i = 0; i < 5; i++) act(() => again());
    expect(vi.mocked(detail).mock.calls.length).toBe(mounted);
  });

  test("says what is missing where there is no provider", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(() => render(<Value flag="theme" />)).toThrow("<PeekabooProvider>");
    silent.mockRestore();
  });
});

describe("useFlagDetail", () => {
  test("tells the variation, the reason and the flag's version", async () => {
    const rig = await live({ theme: "dawn" });
    function Detail(): ReactNode {
      return <output>{JSON.stringify(useFlagDetail("theme", ""))}</output>;
    }
    render(
      <PeekabooProvider client={rig.client}>
        <Detail />
      </PeekabooProvider>,
    );
    expect(JSON.parse(shown() ?? "")).toEqual({
      value: "dawn",
      variation: "v-dawn",
      reason: "STATIC",
      flagVersion: 1,
    });
    say(rig, delta(2, { theme: "dusk" }));
    expect(JSON.parse(shown() ?? "")).toMatchObject({ variation: "v-dusk", flagVersion: 2 });
  });

  test("tells that an unknown flag is unknown as soon as there are values", async () => {
    const rig = await start();
    function Code(): ReactNode {
      return <output>{useFlagDetail("nowhere", true).errorCode}</output>;
    }
    render(
      <PeekabooProvider client={rig.client}>
        <Code />
      </PeekabooProvider>,
    );
    expect(shown()).toBe("PROVIDER_NOT_READY");
    act(() => goLive(rig, 1, { theme: "dawn" }));
    expect(shown()).toBe("FLAG_NOT_FOUND");
  });
});

describe("useFlags", () => {
  test("gives every flag that serves a value, and follows each", async () => {
    const rig = await live({ a: 1, b: null });
    const { counts, rendered } = createCounts();
    function All(): ReactNode {
      rendered("all");
      return <output>{JSON.stringify(useFlags())}</output>;
    }
    render(
      <PeekabooProvider client={rig.client}>
        <All />
      </PeekabooProvider>,
    );
    expect(shown()).toBe('{"a":1}');
    say(rig, delta(2, { b: 2 }));
    expect(JSON.parse(shown() ?? "")).toEqual({ a: 1, b: 2 });
    expect(counts).toEqual({ all: 2 });
  });
});

describe("usePeekaboo", () => {
  test("gives the client, whose identify changes what is shown", async () => {
    const rig = await live({ theme: "dawn" });
    function SignIn(): ReactNode {
      const client = usePeekaboo();
      return (
        <button type="button" onClick={() => void client?.identify({ targetingKey: "user-2" })}>
          Sign in
        </button>
      );
    }
    render(
      <PeekabooProvider client={rig.client}>
        <SignIn />
        <Value flag="theme" />
      </PeekabooProvider>,
    );
    act(() => screen.getByRole("button").click());
    expect(rig.hub.socket().take()).toEqual([[1, { targetingKey: "user-2" }]]);
    say(rig, answer(1, { theme: "dusk" }));
    expect(shown()).toBe('"dusk"');
  });
});

describe("<Flag>", () => {
  test("shows its children while the flag is on, and the fallback otherwise", async () => {
    const rig = await live({ on: false });
    const { container } = render(
      <PeekabooProvider client={rig.client}>
        <Flag name="on" fallback="old">
          new
        </Flag>
        <Flag name="nowhere">never</Flag>
      </PeekabooProvider>,
    );
    expect(container.textContent).toBe("old");
    say(rig, delta(2, { on: true }));
    expect(container.textContent).toBe("new");
  });

  test("shows the child of the value that is served", async () => {
    const rig = await live({ theme: "dawn" });
    const { container } = render(
      <PeekabooProvider client={rig.client}>
        <Flag name="theme" is="dawn">
          rose
        </Flag>
        <Flag name="theme" is="dusk">
          blue
        </Flag>
      </PeekabooProvider>,
    );
    expect(container.textContent).toBe("rose");
    say(rig, delta(2, { theme: "dusk" }));
    expect(container.textContent).toBe("blue");
  });
});

describe("StrictMode", () => {
  test("mounting twice leaves the client live, and changes are followed once", async () => {
    const rig = await live({ theme: "dawn" });
    let renderings = 0;
    function Theme(): ReactNode {
      renderings++;
      return <output>{useFlag("theme", "")}</output>;
    }
    render(
      <StrictMode>
        <PeekabooProvider client={rig.client}>
          <Theme />
        </PeekabooProvider>
      </StrictMode>,
    );
    expect(rig.client.status).toBe("live");
    expect(rig.hub.sockets.length).toBe(1);
    const mounted = renderings;
    say(rig, delta(2, { theme: "dusk" }));
    expect(shown()).toBe("dusk");
    expect(renderings).toBe(mounted + 2);
  });

  test("a component that goes and comes back shows what changed meanwhile", async () => {
    const rig = await live({ theme: "dawn" });
    const view = (there: boolean) => (
      <StrictMode>
        <PeekabooProvider client={rig.client}>{there && <Value flag="theme" />}</PeekabooProvider>
      </StrictMode>
    );
    const { rerender } = render(view(true));
    rerender(view(false));
    say(rig, delta(2, { theme: "dusk" }));
    rerender(view(true));
    expect(shown()).toBe('"dusk"');
  });
});

describe("Suspense", () => {
  const view = ({ client }: Rig, suspend?: boolean | number) => (
    <StrictMode>
      <PeekabooProvider client={client} {...(suspend === undefined ? {} : { suspend })}>
        <Suspense fallback={<output>waiting</output>}>
          <Value flag="theme" />
        </Suspense>
      </PeekabooProvider>
    </StrictMode>
  );

  test("waits for the first values where the provider says so", async () => {
    const rig = await start();
    render(view(rig, true));
    expect(shown()).toBe("waiting");
    await eventually(() => {
      rig.hub.socket().open();
      rig.hub.socket().say(welcome(1, 2));
      rig.hub.socket().say(snapshot(1, { theme: "dawn" }));
    });
    expect(shown()).toBe('"dawn"');
    say(rig, delta(2, { theme: "dusk" }));
    expect(shown()).toBe('"dusk"');
  });

  test("never waits otherwise", async () => {
    const rig = await start();
    render(view(rig));
    expect(shown()).toBe("null");
  });

  test("does not wait where there are values", async () => {
    const rig = await live({ theme: "dawn" });
    render(view(rig, true));
    expect(shown()).toBe('"dawn"');
  });

  test("waits no longer than it was told, then shows defaults, then the values", async () => {
    const rig = await start();
    render(view(rig, 500));
    expect(shown()).toBe("waiting");
    await eventually(() => {
      rig.clock.advance(499);
    });
    expect(shown()).toBe("waiting");
    await eventually(() => {
      rig.clock.advance(1);
    });
    expect(shown()).toBe("null");
    act(() => goLive(rig, 1, { theme: "dawn" }));
    expect(shown()).toBe('"dawn"');
  });

  test("does not wait for a client that has been refused", async () => {
    const rig = await start();
    render(view(rig, true));
    await eventually(() => {
      rig.hub.socket().open();
      rig.hub.socket().end(4501, "no live key has this value");
    });
    expect(shown()).toBe("null");
  });
});
