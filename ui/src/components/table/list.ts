import type { KeyboardEvent } from "react";

/** The id of the page's list: the one table that fills it. */
export const LIST = "list";

/** Goes from a list's search to its first row with the arrow that points there. */
export function goToList(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown") return;
  const first = document.querySelector<HTMLElement>(`#${LIST} tbody a`);
  if (!first) return;
  event.preventDefault();
  first.focus();
}
