// @vitest-environment jsdom
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { TextField } from "./form/text-field";
import { useAppForm } from "./form/use-app-form";
import { FormDialog } from "./form-dialog";
import { HintProvider } from "./ui/hint";

afterEach(cleanup);

const SCHEMA = z.object({ name: z.string().min(1, "Enter a name.") });
const onSubmit = vi.fn();
const onClose = vi.fn();

function Dialog({ blocked }: { blocked?: string }) {
  const form = useAppForm(SCHEMA, { name: "" }, null);
  return (
    <HintProvider>
      <FormDialog
        form={form}
        title="Create it"
        action="Create"
        busy={false}
        error={null}
        blocked={blocked}
        onSubmit={onSubmit}
        onClose={onClose}
      >
        <TextField control={form.control} name="name" label="Name" />
      </FormDialog>
    </HintProvider>
  );
}

async function open(props: { blocked?: string } = {}): Promise<void> {
  onSubmit.mockClear();
  onClose.mockClear();
  const rootRoute = createRootRoute({ component: () => <Dialog {...props} /> });
  const router = createRouter({ routeTree: rootRoute, history: createMemoryHistory() });
  render(<RouterProvider router={router as never} />);
  await screen.findByRole("dialog", { name: "Create it" });
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (value: string) => fireEvent.change(screen.getByLabelText("Name"), { target: { value } });

it("closes without a question while nothing was typed", async () => {
  await open();
  press("Cancel");
  expect(onClose).toHaveBeenCalledOnce();
});

it("asks before what was typed is lost", async () => {
  await open();
  type("Mine");
  fireEvent.keyDown(screen.getByLabelText("Name"), { key: "Escape" });
  await screen.findByRole("dialog", { name: "Discard your changes?" });
  expect(onClose).not.toHaveBeenCalled();
  press("Discard");
  expect(onClose).toHaveBeenCalledOnce();
});

it("sends what its schema allows, and says at the field what it does not", async () => {
  await open();
  press("Create");
  await screen.findByText("Enter a name.");
  type("Mine");
  press("Create");
  await waitFor(() => expect(onSubmit).toHaveBeenCalledWith({ name: "Mine" }));
});

it("sends nothing while it is blocked", async () => {
  await open({ blocked: "You are offline." });
  type("Mine");
  fireEvent.submit(screen.getByLabelText("Name"));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Mine"));
  expect(onSubmit).not.toHaveBeenCalled();
});
