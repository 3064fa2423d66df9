/**
 * A small overlay that shows a page's flags, what each serves and why, and lets a developer override one in this tab.
 * Loaded by whom it is for alone: an application imports it where it wants it, never with its own code.
 */

import { evaluate } from "../evaluate.js";
import type { Inside, WithInside } from "../inside.js";
import { attempt } from "../json.js";
import type { FlagClient, Json, ValueStorage } from "../types.js";
import { served } from "../values.js";
import { element } from "./element.js";
import { createOverrides } from "./overrides.js";
import type { Row } from "./row.js";
import { createRow } from "./row.js";
import { STYLE } from "./style.js";

export interface DevtoolsOptions {
  /** Whether the list is open at first, or a button that opens it. Default: a button. */
  readonly open?: boolean | undefined;
  /** Where overrides are kept. Default: `sessionStorage`, which is this tab's; null keeps nothing. */
  readonly storage?: ValueStorage | null | undefined;
  /** Where the overlay is put. Default: the body. */
  readonly container?: Element | undefined;
}

export interface Devtools {
  /** Takes the overlay off the page, and its overrides off the client. They are kept for the next time. */
  close(): void;
}

let panels = 0;

/** Puts the overlay on the page, with the overrides that this tab has kept. */
export function openDevtools<Flags extends object>(
  client: FlagClient<Flags>,
  {
    open = false,
    storage = attempt(() => globalThis.sessionStorage) ?? null,
    container = document.body,
  }: DevtoolsOptions = {},
): Devtools {
  const { inside } = client as unknown as WithInside;
  const overrides = createOverrides(inside, storage);
  const rows = new Map<string, Row>();
  panels += 1;
  const id = `panel-${panels}`;

  const toggle = element("button", { type: "button", className: "toggle" });
  toggle.setAttribute("aria-controls", id);
  const about = element("p", { className: "about" });
  const search = element("input", { type: "search", placeholder: "Search flags", ariaLabel: "Search flags" });
  const removeAll = element("button", { type: "button", textContent: "Remove overrides" });
  const list = element("ul", { ariaLabel: "Flags" });
  const empty = element("p", { className: "empty", role: "status" });
  const hide = element("button", { type: "button", textContent: "Close" });
  const panel = element("section", { className: "panel", id, ariaLabel: "Feature flags" }, [
    element("header", {}, [
      element("div", { className: "title" }, [element("h2", { textContent: "Feature flags" }), hide]),
      about,
      element("div", { className: "search" }, [search, removeAll]),
    ]),
    list,
    empty,
  ]);
  const host = element("peekaboo-devtools" as "div");
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(element("div", { className: "root" }, [panel, toggle]));

  function show(): void {
    const count = overrides.size();
    toggle.textContent = count > 0 ? `Flags: ${count} overridden` : "Flags";
    toggle.classList.toggle("marked", count > 0);
    removeAll.hidden = count === 0;
    const { targetingKey } = client.context;
    about.textContent = `${client.status}, version ${client.version}, ${targetingKey ?? "no targetingKey"}`;
    if (!panel.hidden) showFlags();
  }

  function showFlags(): void {
    const state = inside.state();
    const original = overrides.original();
    const wanted = search.value.trim().toLowerCase();
    const keys = [...(state?.values.keys() ?? [])].sort();
    for (const [key, row] of rows) {
      if (state?.values.has(key)) continue;
      row.element.remove();
      rows.delete(key);
    }
    let visible = 0;
    for (const [i, key] of keys.entries()) {
      const row = rows.get(key) ?? addRow(key, i);
      const detail = evaluate<Json | undefined>(state, key, undefined);
      row.show({ detail, overridden: overrides.has(key), original: served(original?.values.get(key)) });
      row.element.hidden = !key.toLowerCase().includes(wanted);
      if (!row.element.hidden) visible += 1;
    }
    empty.hidden = visible > 0;
    empty.textContent = keys.length > 0 ? "No matching flags." : "No flags have arrived yet.";
  }

  function addRow(key: string, at: number): Row {
    const row = createRow(key, {
      override(value) {
        overrides.set(key, value);
        show();
      },
      remove() {
        overrides.remove(key);
        show();
      },
    });
    rows.set(key, row);
    list.insertBefore(row.element, list.children[at] ?? null);
    return row;
  }

  function setOpen(isOpen: boolean): void {
    panel.hidden = !isOpen;
    toggle.ariaExpanded = String(isOpen);
    show();
  }

  toggle.addEventListener("click", () => {
    setOpen(panel.hidden === true);
    if (!panel.hidden) search.focus();
  });
  hide.addEventListener("click", () => {
    setOpen(false);
    toggle.focus();
  });
  panel.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide.click();
  });
  search.addEventListener("input", show);
  removeAll.addEventListener("click", () => {
    overrides.removeAll();
    show();
    search.focus();
  });
  // A frame may change a reason and no value: what the hub says is shown, not only what changed.
  const stop = watch(inside, show);
  setOpen(open);
  container.append(host);

  return {
    close() {
      stop();
      overrides.end();
      host.remove();
    },
  };
}

/** Calls back after everything that the hub says; returns the function that ends it. */
function watch(inside: Inside, callback: () => void): () => void {
  const { receive } = inside;
  let watching = true;
  inside.receive = (frame) => {
    receive(frame);
    if (watching) callback();
  };
  const stops = [inside.on("change", callback), inside.on("status", callback)];
  return () => {
    watching = false;
    for (const stop of stops) stop();
  };
}
