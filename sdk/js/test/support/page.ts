import type { PageLike } from "../../src/types.js";

/** A page that is shown and hidden by the test. */
export interface FakePage extends PageLike {
  visibilityState: string;
  readonly defaultView: EventTarget & NonNullable<PageLike["defaultView"]>;
  show(): void;
  hide(): void;
  online(): void;
  listeners(): number;
}

export function createFakePage(visibilityState = "visible"): FakePage {
  const listeners = { visibilitychange: new Set<() => void>(), online: new Set<() => void>() };
  const events = {
    addEventListener: (type: keyof typeof listeners, listener: () => void) =>
      void listeners[type].add(listener),
    removeEventListener: (type: keyof typeof listeners, listener: () => void) =>
      void listeners[type].delete(listener),
  };
  const fire = (type: keyof typeof listeners) => {
    for (const listener of [...listeners[type]]) listener();
  };
  return {
    ...events,
    visibilityState,
    defaultView: events as FakePage["defaultView"],
    show() {
      this.visibilityState = "visible";
      fire("visibilitychange");
    },
    hide() {
      this.visibilityState = "hidden";
      fire("visibilitychange");
    },
    online: () => fire("online"),
    listeners: () => listeners.visibilitychange.size + listeners.online.size,
  };
}
