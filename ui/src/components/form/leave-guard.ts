import { useBlocker } from "@tanstack/react-router";

export interface HeldNavigation {
  leave: () => void;
  stay: () => void;
}

/**
 * Holds back the navigation to another page while something would be lost by it, and returns what can be done about it.
 * For closing the window the browser asks.
 */
export function useLeaveGuard(changed: boolean): HeldNavigation | null {
  const blocker = useBlocker({
    shouldBlockFn: () => changed,
    enableBeforeUnload: changed,
    withResolver: true,
  });
  return blocker.status === "blocked" ? { leave: blocker.proceed, stay: blocker.reset } : null;
}
