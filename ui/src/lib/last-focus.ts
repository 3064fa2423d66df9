/** What floats over the page and goes away: nothing that focus could return to. */
const FLOATING = '[role="menu"],[role="dialog"],[role="listbox"]';

let last: HTMLElement | null = null;

globalThis.document?.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && !target.closest(FLOATING)) last = target;
});

/**
 * The element of the page that had the focus last, menus and dialogs aside: a dialog that was opened from a menu returns
 * the focus to the menu's button, as the menu's item is gone by then.
 */
export function lastFocused(): HTMLElement | null {
  return last;
}
