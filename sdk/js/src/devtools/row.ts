/** One flag in the devtools: what it is, why, and a form to override it. Updates in place, so that nothing typed is lost. */

import type { Detail, Json } from "../types.js";
import { element } from "./element.js";

/** What is known of a flag at a moment. */
export interface Shown {
  readonly detail: Detail<Json | undefined>;
  readonly overridden: boolean;
  /** What the hub serves. */
  readonly original: Json | undefined;
}

export interface Row {
  readonly element: HTMLElement;
  show(flag: Shown): void;
}

export interface RowActions {
  override(value: Json): void;
  remove(): void;
}

/** What each reason means, for people. */
const REASONS: Record<string, string> = {
  STATIC: "the same for everyone",
  DEFAULT: "no rule matched",
  TARGETING_MATCH: "a target or a rule matched",
  SPLIT: "by a percentage split",
  DISABLED: "the flag is off",
  PREREQUISITE_FAILED: "a prerequisite is not met",
  CACHED: "from the page's bootstrap",
  ERROR: "cannot be evaluated",
};

export function createRow(key: string, { override, remove }: RowActions): Row {
  const value = element("code", { className: "value" });
  const why = element("p", { className: "why" });
  const mark = element("p", { className: "mark", hidden: true });
  const problem = element("p", { className: "problem", role: "alert" });
  const slot = element("span", { className: "slot" });
  const removal = element("button", { type: "button", hidden: true, textContent: "Remove override" });
  const form = element("form", {}, [
    slot,
    element("button", { type: "submit", textContent: "Override" }),
    problem,
  ]);
  const more = element("details", {}, [
    element("summary", { textContent: "Override", ariaLabel: `Override ${key}` }),
    form,
  ]);
  const item = element("li", {}, [
    element("div", { className: "top" }, [element("span", { className: "key", textContent: key }), value]),
    why,
    mark,
    removal,
    more,
  ]);
  /** What the form edits, and how. */
  let kind = "";
  let field: HTMLSelectElement | HTMLInputElement | HTMLTextAreaElement | null = null;

  function edit(now: Json | undefined): void {
    const wanted = now === null || now === undefined ? "object" : typeof now;
    // Not while someone may be typing.
    if (wanted === kind && (more.open || field === null)) return;
    kind = wanted;
    field = createField(kind, now);
    field.ariaLabel = `Value of ${key}`;
    slot.replaceChildren(field);
  }

  removal.ariaLabel = `Remove override of ${key}`;
  removal.addEventListener("click", () => {
    remove();
    more.querySelector("summary")?.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      override(parse(kind, field?.value ?? ""));
      problem.textContent = "";
      more.open = false;
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  });

  return {
    element: item,
    show({ detail, overridden, original }) {
      const { variation, reason, flagVersion } = detail;
      value.textContent = print(detail.value);
      const parts = [
        variation,
        `${REASONS[reason] ?? "reason"} (${reason})`,
        flagVersion ? `version ${flagVersion}` : null,
      ];
      why.textContent = parts.filter((part) => part !== null).join(" · ");
      item.classList.toggle("overridden", overridden);
      why.hidden = overridden;
      mark.hidden = removal.hidden = !overridden;
      mark.textContent = overridden ? `Overridden here; the hub serves ${print(original)}` : "";
      edit(detail.value);
    },
  };
}

export function print(value: Json | undefined): string {
  return value === undefined ? "the application's default" : JSON.stringify(value);
}

function createField(
  kind: string,
  now: Json | undefined,
): HTMLSelectElement | HTMLInputElement | HTMLTextAreaElement {
  if (kind === "boolean") {
    const options = ["true", "false"].map((each) => element("option", { textContent: each, value: each }));
    const select = element("select", {}, options);
    // What is wanted is the other one.
    select.value = String(!now);
    return select;
  }
  if (kind === "string") return element("input", { type: "text", value: String(now) });
  if (kind === "number") return element("input", { type: "text", inputMode: "decimal", value: String(now) });
  return element("textarea", { rows: 3, value: now === undefined ? "" : JSON.stringify(now, null, 2) });
}

/** @throws Error that says what is wrong with the text. */
function parse(kind: string, text: string): Json {
  if (kind === "string") return text;
  if (kind === "number") {
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) throw new Error("Enter a number, such as 12.5");
    return number;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('Enter JSON, such as {"columns": 2}');
  }
}
