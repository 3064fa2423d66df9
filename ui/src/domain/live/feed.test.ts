import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TenantEvent } from "@/api/types";
import type { FeedState } from "./feed";
import { followFeed, retryDelay, wakeFeeds } from "./feed";

describe("retryDelay", () => {
  it("grows to twenty seconds and no further", () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 20].map((attempt) => retryDelay(attempt, () => 1));
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  it("is spread over the whole range, but never at once", () => {
    expect(retryDelay(5, () => 0.5)).toBe(8000);
    expect(retryDelay(5, () => 0)).toBe(150);
  });
});

/** A stream as the browser gives it, moved by the test. */
class Stream extends EventTarget {
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static all: Stream[] = [];
  static get open() {
    return Stream.all.filter((stream) => !stream.closed);
  }
  readyState = 0;
  closed = false;
  onopen = () => {};
  onerror = () => {};
  onmessage = (_message: MessageEvent<string>) => {};
  constructor() {
    super();
    Stream.all.push(this);
  }
  close() {
    this.closed = true;
    this.readyState = Stream.CLOSED;
  }
  answers() {
    this.readyState = Stream.OPEN;
    this.onopen();
  }
  says(event: TenantEvent) {
    this.onmessage(new MessageEvent("message", { data: JSON.stringify(event) }));
  }
  beats() {
    this.dispatchEvent(new Event("heartbeat"));
  }
  fails(how: "refused" | "unreachable") {
    this.readyState = how === "refused" ? Stream.CLOSED : 0;
    this.onerror();
  }
}

describe("followFeed", () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const windowEvents = new EventTarget();
  let states: FeedState[] = [];
  let refusals = 0;
  let end = () => {};

  const show = (shown: boolean) => {
    page.hidden = !shown;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  const follow = () => {
    end = followFeed({
      url: "/events",
      onEvent: () => {},
      onState: (state) => states.push(state),
      onRefused: () => {
        refusals += 1;
      },
    });
  };
  const newest = () => {
    const stream = Stream.all.at(-1);
    if (!stream) throw new Error("no stream was opened");
    return stream;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("EventSource", Stream);
    vi.stubGlobal("document", page);
    vi.stubGlobal("addEventListener", windowEvents.addEventListener.bind(windowEvents));
    vi.stubGlobal("removeEventListener", windowEvents.removeEventListener.bind(windowEvents));
    Stream.all = [];
    states = [];
    refusals = 0;
    page.hidden = false;
  });
  afterEach(() => {
    end();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("holds no stream while the page is hidden, and opens one when it is shown", () => {
    follow();
    newest().answers();
    show(false);
    vi.advanceTimersByTime(9_999);
    expect(Stream.open).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(Stream.open).toHaveLength(0);
    show(true);
    expect(Stream.open).toHaveLength(1);
    expect(Stream.all).toHaveLength(2);
  });

  it("keeps its stream while one only looks something up in another tab", () => {
    follow();
    newest().answers();
    show(false);
    vi.advanceTimersByTime(5_000);
    show(true);
    vi.advanceTimersByTime(30_000);
    expect(Stream.all).toHaveLength(1);
    expect(Stream.open).toHaveLength(1);
  });

  it("waits with its first stream until the page is shown", () => {
    page.hidden = true;
    follow();
    windowEvents.dispatchEvent(new Event("online"));
    expect(Stream.all).toHaveLength(0);
    show(true);
    expect(Stream.open).toHaveLength(1);
  });

  it("tells a hub that refuses from one that cannot be reached", () => {
    follow();
    newest().fails("unreachable");
    expect(refusals).toBe(0);
    vi.advanceTimersByTime(500);
    newest().fails("refused");
    expect(refusals).toBe(1);
    expect(states).toEqual(["connecting", "reconnecting", "reconnecting"]);
  });

  it("says that one is offline, and is live again at once when the connection is back", () => {
    follow();
    newest().answers();
    vi.stubGlobal("navigator", { onLine: false });
    windowEvents.dispatchEvent(new Event("offline"));
    newest().fails("unreachable");
    expect(states.at(-1)).toBe("offline");
    vi.stubGlobal("navigator", { onLine: true });
    windowEvents.dispatchEvent(new Event("online"));
    newest().answers();
    expect(states.at(-1)).toBe("live");
  });

  it("stays live offline where the hub can still be reached", () => {
    follow();
    newest().answers();
    vi.stubGlobal("navigator", { onLine: false });
    windowEvents.dispatchEvent(new Event("offline"));
    newest().answers();
    expect(states.at(-1)).toBe("live");
  });

  it("tries again without end, and at once where the hub is known to be back", () => {
    follow();
    for (let attempt = 0; attempt < 20; attempt++) {
      newest().fails("unreachable");
      vi.advanceTimersByTime(20_000);
    }
    expect(Stream.all).toHaveLength(21);
    newest().fails("unreachable");
    wakeFeeds();
    expect(Stream.open).toHaveLength(1);
    newest().answers();
    expect(states.at(-1)).toBe("live");
  });

  it("gives up a stream that falls silent without closing, and opens another", () => {
    follow();
    newest().answers();
    vi.advanceTimersByTime(37_499);
    expect(states.at(-1)).toBe("live");
    vi.advanceTimersByTime(1);
    expect(states.at(-1)).toBe("reconnecting");
    expect(Stream.open).toHaveLength(0);
    vi.advanceTimersByTime(500);
    newest().answers();
    expect(Stream.all).toHaveLength(2);
    expect(states.at(-1)).toBe("live");
    expect(refusals).toBe(0);
  });

  it("gives up a stream that never answers", () => {
    follow();
    vi.advanceTimersByTime(38_000);
    expect(Stream.all).toHaveLength(2);
  });

  it("keeps a stream on which only heartbeats or only events come", () => {
    follow();
    newest().answers();
    for (let beat = 0; beat < 10; beat++) {
      vi.advanceTimersByTime(30_000);
      if (beat % 2) newest().beats();
      else newest().says({ kind: "organization", revision: beat });
    }
    expect(Stream.all).toHaveLength(1);
    expect(states.at(-1)).toBe("live");
  });

  it("leaves a page that was left nothing to open", () => {
    follow();
    newest().fails("unreachable");
    end();
    vi.advanceTimersByTime(60_000);
    expect(Stream.open).toHaveLength(0);
  });
});
