// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Command } from "./commands";
import { runWhenOffered, useCommands, useRegisteredCommands } from "./commands";

afterEach(cleanup);

function Page({ commands }: { commands: Command[] }) {
  useCommands(commands);
  return null;
}

function Offered() {
  return useRegisteredCommands().map(({ id, name, run }) => (
    <button key={id} type="button" onClick={run}>
      {name}
    </button>
  ));
}

const names = () => screen.queryAllByRole("button").map((button) => button.textContent);

it("offers a page's commands while the page is shown", () => {
  const create = { id: "create", name: "Create flag", run: () => {} };
  const { rerender } = render(
    <>
      <Page commands={[create]} />
      <Offered />
    </>,
  );
  expect(names()).toEqual(["Create flag"]);
  rerender(<Offered />);
  expect(names()).toEqual([]);
});

it("leaves out what cannot be done, and runs a command as it is now", () => {
  let ran = "";
  const command = (said: string): Command => ({ id: "a", name: "A", run: () => (ran = said) });
  const view = (commands: Command[]) => (
    <>
      <Page commands={commands} />
      <Offered />
    </>
  );
  const { rerender } = render(view([{ ...command("first"), disabledReason: "You are a viewer." }]));
  expect(names()).toEqual([]);
  rerender(view([command("first")]));
  rerender(view([command("second")]));
  act(() => screen.getByRole("button", { name: "A" }).click());
  expect(ran).toBe("second");
});

it("runs a command of a page that one is on the way to once the page has appeared", async () => {
  let runs = 0;
  const create = { id: "create", name: "Create flag", run: () => (runs += 1) };
  runWhenOffered("create");
  const { rerender } = render(<Page commands={[{ id: "other", name: "Other", run: () => {} }]} />);
  expect(runs).toBe(0);
  rerender(<Page commands={[create]} />);
  await waitFor(() => expect(runs).toBe(1));
  rerender(<Page commands={[{ ...create, name: "Create another flag" }]} />);
  runWhenOffered("nothing");
  await waitFor(() => expect(runs).toBe(1));
});
