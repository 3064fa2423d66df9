// What one usually does not see: the connection, how fresh the values are, and why each flag has its value.

import { byId, make } from "./dom.js";
import { FLAG_KEYS } from "./flags.js";

/** @typedef {import("./flags.js").FlagClient} FlagClient */

/** @type {Readonly<Record<string, string>>} */
const STATUS_TEXT = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  paused: "Paused",
  stopped: "Disconnected",
  closed: "Closed",
};

/** @type {Readonly<Record<string, string>>} */
const REASON_TEXT = {
  STATIC: "the same for everyone",
  DEFAULT: "no rule matched",
  TARGETING_MATCH: "a rule matched",
  SPLIT: "a share of users",
  DISABLED: "switched off",
  PREREQUISITE_FAILED: "a flag it needs says no",
  CACHED: "from an earlier visit",
  ERROR: "no such flag: the shop's default",
};

/** How long a row stays lit after its flag changed. */
const FLASH_MS = 1600;

/**
 * Shows the state of the client for as long as the page lives.
 *
 * @param {FlagClient} flags
 */
export function watch(flags) {
  /** When the last change arrived, in the page's time. */
  let arrivedAt = 0;
  // The first values are how things are, not something that happened.
  let filled = flags.version > 0;

  flags.on("status", showStatus);
  flags.on("change", ({ keys, committedAt }) => {
    showFlags(filled ? keys : []);
    filled = true;
    // Nor did anyone change anything where another user is looking.
    if (committedAt === null) return;
    arrivedAt = performance.now();
    // Two machines' clocks may disagree by more than a change takes.
    byId("took").textContent = `${Math.max(0, Math.round(Date.now() - committedAt))} ms`;
    showAge();
  });
  setInterval(showAge, 100);
  showStatus(flags.status);
  showFlags([]);

  /** @param {string} status */
  function showStatus(status) {
    const pill = byId("status");
    pill.dataset.status = status;
    pill.textContent = STATUS_TEXT[status] ?? status;
    document.documentElement.dataset.state = status;
    showAge();
  }

  function showAge() {
    byId("version").textContent = flags.version > 0 ? String(flags.version) : "–";
    byId("arrived").textContent = arrivedAt > 0 ? `${age(performance.now() - arrivedAt)} ago` : "not yet";
  }

  /** @param {readonly string[]} changed */
  function showFlags(changed) {
    byId("flags").replaceChildren(
      ...FLAG_KEYS.map((key) => {
        const { value, variation, reason } = flags.detail(key, null);
        const row = make(
          "tr",
          changed.includes(key) ? { class: "changed" } : {},
          make("th", { scope: "row" }, make("code", {}, key)),
          make("td", {}, make("code", {}, value === null ? "–" : JSON.stringify(value))),
          make(
            "td",
            {},
            variation ? `${variation}: ${REASON_TEXT[reason] ?? reason}` : (REASON_TEXT[reason] ?? reason),
          ),
        );
        setTimeout(() => row.classList.remove("changed"), FLASH_MS);
        return row;
      }),
    );
  }
}

/** @param {number} ms */
function age(ms) {
  if (ms < 1000) return `${Math.floor(ms / 100) * 100} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  return `${Math.floor(ms / 60_000)} min`;
}
