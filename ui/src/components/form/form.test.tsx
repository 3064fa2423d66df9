// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import type { Named } from "./named-fields";
import { NamedFields, namedSchema } from "./named-fields";
import { useAppForm } from "./use-app-form";

afterEach(cleanup);

function Form({ error = null, onSend }: { error?: unknown; onSend: (named: Named) => void }) {
  const form = useAppForm(namedSchema, { name: "", key: "" }, error);
  return (
    <form onSubmit={form.handleSubmit(onSend)}>
      <NamedFields form={form} placeholder="Storefront" />
      <button type="submit">Create</button>
    </form>
  );
}

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });

it("suggests a key from the name until it is given one", () => {
  render(<Form onSend={() => {}} />);
  type("Name", "New Checkout");
  expect(field("Key").value).toBe("new-checkout");
  type("Key", "own");
  type("Name", "Another");
  expect(field("Key").value).toBe("own");
});

it("says what is wrong at its field, and sends nothing", async () => {
  let sent = 0;
  render(<Form onSend={() => (sent += 1)} />);
  type("Name", " ");
  fireEvent.click(screen.getByRole("button", { name: "Create" }));
  await screen.findByText("Enter a name.");
  expect(field("Name").getAttribute("aria-invalid")).toBe("true");
  expect(sent).toBe(0);
});

it("sends what was typed, without blanks around the name", async () => {
  const sent: Named[] = [];
  render(<Form onSend={(named) => sent.push(named)} />);
  type("Name", "  Shop ");
  fireEvent.click(screen.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(sent).toEqual([{ name: "Shop", key: "shop" }]));
});

it("shows what the hub refused at its field", () => {
  const problem = new Problem(409, { type: "urn:peekaboo:problem:already_exists", detail: "there is one" });
  render(<Form error={problem} onSend={() => {}} />);
  expect(field("Key").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("There is one.")).toBeDefined();
});
