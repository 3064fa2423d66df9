/** Colours to choose from for an environment; each is told from the others on light and on dark. */
export const COLORS = [
  { value: "#0d9488", name: "Teal" },
  { value: "#3b82f6", name: "Blue" },
  { value: "#8b5cf6", name: "Violet" },
  { value: "#f59e0b", name: "Amber" },
  { value: "#ef4444", name: "Red" },
  { value: "#db2777", name: "Pink" },
  { value: "#65a30d", name: "Green" },
  { value: "#8b8d98", name: "Grey" },
] as const;
