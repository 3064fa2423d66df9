// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { createElement, Fragment } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Confirm } from "@/components/confirm";
import { Time } from "@/components/time";
import { HintProvider } from "@/components/ui/hint";
import { messages as review } from "@/domain/review/messages";
import { messages as projects } from "@/features/projects/messages";
import type { Catalogs, Message, Messages } from "@/lib/language/catalog";
import { speak } from "@/lib/language/catalog";
import { english } from "./english";

beforeEach(() => speak("de", inBrackets(english)));
afterEach(() => {
  cleanup();
  speak("en", {});
});

/** Another language, for the test: English in brackets. */
function inBrackets(messages: Messages): Catalogs {
  return Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [
      name,
      typeof message === "object" ? inBrackets(message) : bracketed(message),
    ]),
  ) as Catalogs;
}

function bracketed(message: Message): Message {
  if (typeof message === "string") return `[${message}]`;
  return (...values: never[]) => {
    const text = message(...values);
    return typeof text === "string" ? `[${text}]` : createElement(Fragment, null, "[", text, "]");
  };
}

test("a dialog is in the reader's language, with every text that assistive technology reads", () => {
  render(
    <HintProvider>
      <Confirm
        title={projects.settings.deleteTitle("Shop")}
        action={projects.settings.deleteSubmit}
        expected="shop"
        comments
        onConfirm={() => {}}
        onClose={() => {}}
      />
    </HintProvider>,
  );
  expect(screen.getByRole("dialog").getAttribute("aria-labelledby")).toBeTruthy();
  const said = [...document.querySelectorAll("h2,button,label,p,[aria-label]")]
    .map((element) => element.getAttribute("aria-label") ?? element.textContent ?? "")
    .filter((text) => /\p{L}/u.test(text));
  expect(said.length).toBeGreaterThan(5);
  expect(said.filter((text) => !text.includes("["))).toEqual([]);
});

test("texts are read when they are shown, so that a catalog which was imported before is translated", () => {
  expect(review.actions["flag.created"]?.name).toBe("[Flag created]");
});

test("times and numbers follow the language", () => {
  render(<Time at={new Date(Date.now() - 2 * 86_400_000).toISOString()} />);
  expect(screen.getByText("vorgestern")).toBeDefined();
});
