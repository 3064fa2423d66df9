/** The color of the nth variation, wherever it is shown. */
export function variationColor(index: number): string {
  return index < 0 ? "var(--faint)" : `var(--v${(index % 8) + 1})`;
}
