import { useSyncExternalStore } from "react";
import type { PermissionQuestion } from "@/api/access";

let asked: PermissionQuestion | null = null;
const listeners = new Set<() => void>();

/** Opens the panel that explains a permission, or closes it. */
export function askWhy(question: PermissionQuestion | null): void {
  asked = question;
  for (const listener of listeners) listener();
}

/** The question that the panel answers now. */
export function useQuestion(): PermissionQuestion | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
  );
}
