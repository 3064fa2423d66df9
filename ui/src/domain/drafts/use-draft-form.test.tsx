// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { Problem } from "@/api/problem";
import { TextField } from "@/components/form/text-field";
import { mergeFields } from "./fields";
import { forgetDrafts, heldDraft } from "./store";
import { useDraft } from "./use-draft";
import { useDraftForm } from "./use-draft-form";

afterEach(() => {
  cleanup();
  forgetDrafts();
});

const SCHEMA = z.object({ name: z.string(), description: z.string() });
type Fields = z.infer<typeof SCHEMA>;

function Editor({ held, version, error = null }: { held: Fields; version: number; error?: unknown }) {
  const draft = useDraft({ id: "thing", held, version, merge: mergeFields<Fields>, follows: true });
  const form = useDraftForm(SCHEMA, draft, error);
  return (
    <form>
      <TextField control={form.control} name="name" label="Name" />
      <TextField control={form.control} name="description" label="Description" />
      <button type="button" onClick={draft.discard}>
        Discard
      </button>
    </form>
  );
}

const HELD = { name: "Held", description: "" };
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });

it("keeps what is typed in the draft, where it outlives the page", () => {
  const { unmount } = render(<Editor held={HELD} version={1} />);
  type("Name", "Mine");
  expect(heldDraft<Fields>("thing")?.mine).toEqual({ name: "Mine", description: "" });
  unmount();
  render(<Editor held={HELD} version={1} />);
  expect(field("Name").value).toBe("Mine");
});

it("shows what others changed beside what is typed", () => {
  const { rerender } = render(<Editor held={HELD} version={1} />);
  type("Name", "Mine");
  rerender(<Editor held={{ name: "Held", description: "Theirs" }} version={2} />);
  expect([field("Name").value, field("Description").value]).toEqual(["Mine", "Theirs"]);
});

it("shows what is held once the draft is discarded", () => {
  render(<Editor held={HELD} version={1} />);
  type("Name", "Mine");
  act(() => screen.getByRole("button", { name: "Discard" }).click());
  expect(field("Name").value).toBe("Held");
  expect(heldDraft("thing")).toBeNull();
});

it("shows what the hub refused at its field", () => {
  const errors = [{ pointer: "/description", code: "invalid", detail: "it is too short" }];
  const error = new Problem(422, { type: "urn:peekaboo:problem:invalid", errors });
  render(<Editor held={HELD} version={1} error={error} />);
  expect(screen.getByText("It is too short.")).toBeDefined();
  expect(field("Description").getAttribute("aria-invalid")).toBe("true");
});
