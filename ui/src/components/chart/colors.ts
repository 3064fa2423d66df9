/**
 * The color that a CSS color or variable stands for in the present theme. A canvas takes neither variables nor
 * `light-dark()`, so the browser is asked what it makes of them.
 */
export function resolveColor(color: string, within: HTMLElement): string {
  const probe = document.createElement("span");
  probe.style.color = color;
  within.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
