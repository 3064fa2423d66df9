/** Colors to choose from for an environment. Each can be told from the others on light and on dark. */
export const COLORS = [
  { value: "#0d9488", name: "teal" },
  { value: "#3b82f6", name: "blue" },
  { value: "#8b5cf6", name: "violet" },
  { value: "#f59e0b", name: "amber" },
  { value: "#ef4444", name: "red" },
  { value: "#db2777", name: "pink" },
  { value: "#65a30d", name: "green" },
  { value: "#8b8d98", name: "gray" },
] as const;
