// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { EditorProvider, useProblemAt } from "./editor-context";
import { Unfinished } from "./unfinished";

afterEach(cleanup);

const PROBLEMS = [
  { pointer: "/flag", detail: "Choose a flag.", missing: true },
  { pointer: "/range", detail: "The range must start before it ends." },
];

function Part() {
  return (
    <>
      <button type="button">Inside</button>
      <p>{useProblemAt("/flag")}</p>
      <p>{useProblemAt("/range")}</p>
    </>
  );
}

function Editor({ blank, attempts = 0 }: { blank: boolean; attempts?: number }) {
  const editor = { org: "o", project: "p", self: {}, variations: [], problems: PROBLEMS, attempts };
  return (
    <EditorProvider value={{ ...editor, disabledReason: undefined }}>
      <Unfinished blank={blank}>
        <Part />
      </Unfinished>
      <button type="button">Outside</button>
      <div data-radix-popper-content-wrapper="">
        <button type="button">Choice</button>
      </div>
    </EditorProvider>
  );
}

const missing = () => screen.queryByText("Choose a flag.");
const focus = (name: string) => fireEvent.focusIn(screen.getByRole("button", { name }));

it("says what is missing once the person has been in the part and gone on", () => {
  render(<Editor blank />);
  expect(missing()).toBeNull();
  focus("Outside");
  expect(missing(), "nobody has been in it").toBeNull();
  focus("Inside");
  focus("Choice");
  expect(missing(), "a list of choices belongs to the part").toBeNull();
  focus("Outside");
  expect(missing()).not.toBeNull();
});

it("moves nothing away from under a press that goes on to something else", async () => {
  render(<Editor blank />);
  focus("Inside");
  const outside = screen.getByRole("button", { name: "Outside" });
  fireEvent.pointerDown(outside);
  fireEvent.focusIn(outside);
  expect(missing()).toBeNull();
  fireEvent.pointerUp(outside);
  expect(missing(), "the click comes first").toBeNull();
  await waitFor(() => expect(missing()).not.toBeNull());
});

it("says at once what is wrong, and what is missing in a part that is not new", () => {
  render(<Editor blank />);
  expect(screen.getByText("The range must start before it ends.")).toBeDefined();
  cleanup();
  render(<Editor blank={false} />);
  expect(missing()).not.toBeNull();
});

it("says what is missing when somebody sets about saving", () => {
  const { rerender } = render(<Editor blank />);
  rerender(<Editor blank attempts={1} />);
  expect(missing()).not.toBeNull();
});
