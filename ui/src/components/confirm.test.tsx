// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { ConfirmProps } from "./confirm";
import { Confirm } from "./confirm";
import { HintProvider } from "./ui/hint";

afterEach(cleanup);

function ask(props: Partial<ConfirmProps> = {}) {
  const confirmed: string[] = [];
  render(
    <HintProvider>
      <Confirm
        title="Delete it?"
        action="Delete"
        onConfirm={(comment) => confirmed.push(comment)}
        onClose={() => {}}
        {...props}
      />
    </HintProvider>,
  );
  return confirmed;
}

const button = (name: string) => screen.getByRole("button", { name });

it("starts on the action, or on the way back when something would be lost", () => {
  ask();
  expect(document.activeElement).toBe(button("Delete"));
  cleanup();
  ask({ danger: true });
  expect(document.activeElement).toBe(button("Cancel"));
});

it("does nothing before the key has been typed", () => {
  const confirmed = ask({ expected: "my-flag", danger: true });
  const field = screen.getByLabelText("Type my-flag to confirm");
  expect(document.activeElement).toBe(field);
  fireEvent.change(field, { target: { value: "my-fla" } });
  fireEvent.click(button("Delete"));
  fireEvent.submit(field);
  expect(confirmed).toEqual([]);
  fireEvent.change(field, { target: { value: "my-flag" } });
  fireEvent.click(button("Delete"));
  expect(confirmed).toEqual([""]);
});

/** A press and a click beside the dialog; Radix listens from the next task on, and answers in one of its own. */
async function pressBeside(): Promise<void> {
  await new Promise((done) => setTimeout(done));
  fireEvent.pointerDown(document.body, { button: 0 });
  fireEvent.click(document.body);
  await new Promise((done) => setTimeout(done));
}

it("keeps what was typed when somebody presses beside it", async () => {
  let closed = 0;
  ask({ comments: true, onClose: () => (closed += 1) });
  const comment = screen.getByLabelText(/Comment/);
  fireEvent.change(comment, { target: { value: "as agreed" } });
  await pressBeside();
  expect(closed).toBe(0);
  fireEvent.change(comment, { target: { value: "" } });
  await pressBeside();
  expect(closed).toBe(1);
});

it("passes the comment on, without blanks around it", () => {
  const confirmed = ask({ comments: true });
  fireEvent.change(screen.getByLabelText(/Comment/), { target: { value: " as agreed " } });
  fireEvent.click(button("Delete"));
  expect(confirmed).toEqual(["as agreed"]);
});

it("says why it is blocked, and does not go on", () => {
  const confirmed = ask({ comments: true, blocked: "Someone else already did it." });
  expect(screen.getByRole("alert").textContent).toBe("Someone else already did it.");
  fireEvent.submit(screen.getByLabelText(/Comment/));
  expect(confirmed).toEqual([]);
});

it("shows a refusal and can be tried again", () => {
  const confirmed = ask({ refused: "The hub cannot be reached." });
  expect(screen.getByRole("alert").textContent).toBe("The hub cannot be reached.");
  fireEvent.click(button("Delete"));
  expect(confirmed).toHaveLength(1);
});
