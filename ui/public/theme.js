// Runs before the first paint, so that a dark dashboard never flashes white.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("peekaboo.theme") ?? "system";
  } catch {
    // Storage may be forbidden: the system's preference is a fine answer.
  }
  const dark =
    choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
