/** What a React Native application passes to `createClient` as its `page`. */

import type { PageLike } from "../types.js";

/** The part of React Native's `AppState` that is used. */
export interface AppStateLike {
  readonly currentState: string | null | undefined;
  addEventListener(type: "change", listener: () => void): { remove(): void };
}

/**
 * Closes the connection some minutes after the application went to the background, and opens it again the moment it is
 * shown: `createClient({ …, page: appStatePage(AppState) })`. `inactive` counts as shown, since iOS is in it during calls
 * and while a person switches between applications.
 */
export function appStatePage(appState: AppStateLike): PageLike {
  const subscriptions = new Map<() => void, { remove(): void }>();
  return {
    get visibilityState() {
      return appState.currentState === "background" ? "hidden" : "visible";
    },
    addEventListener(_type, listener) {
      if (!subscriptions.has(listener)) {
        subscriptions.set(
          listener,
          appState.addEventListener("change", () => listener()),
        );
      }
    },
    removeEventListener(_type, listener) {
      subscriptions.get(listener)?.remove();
      subscriptions.delete(listener);
    },
  };
}
