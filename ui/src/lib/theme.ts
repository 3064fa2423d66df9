import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const STORED = "peekaboo.theme";
const listeners = new Set<() => void>();
const systemDark = matchMedia("(prefers-color-scheme: dark)");

export function currentTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function show(): void {
  const theme = currentTheme();
  document.documentElement.classList.toggle(
    "dark",
    theme === "dark" || (theme === "system" && systemDark.matches),
  );
  for (const listener of listeners) listener();
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORED, theme);
  show();
}

systemDark.addEventListener("change", show);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme);
}
