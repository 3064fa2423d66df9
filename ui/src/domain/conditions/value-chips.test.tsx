// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import type { ValueKind } from "@/domain/targeting/operators";
import { EditorProvider } from "./editor-context";
import { ValueChips } from "./value-chips";

afterEach(cleanup);

let held: unknown[] = [];

function Chips({ kind, initial }: { kind: ValueKind; initial: unknown[] }) {
  const [values, setValues] = useState(initial);
  held = values;
  return <ValueChips label="Values" kind={kind} values={values} onChange={setValues} />;
}

function show(kind: ValueKind, initial: unknown[] = []) {
  const editor = { org: "o", project: "p", self: {}, variations: [], problems: [], attempts: 0 };
  render(
    <EditorProvider value={{ ...editor, disabledReason: undefined }}>
      <Chips kind={kind} initial={initial} />
    </EditorProvider>,
  );
}

const field = () => screen.getByRole("textbox", { name: "Values" });
/** Text that comes without a key or a paste: dropped, dictated, or filled in by the browser. */
const arrive = (text: string) => fireEvent.change(field(), { target: { value: text } });

it("takes a list that comes without a key pressed as several values", () => {
  show("any");
  arrive("SE, NO");
  fireEvent.blur(field());
  expect(held).toEqual(["SE", "NO"]);
  arrive("DK, FI");
  fireEvent.keyDown(field(), { key: "Enter" });
  expect(held).toEqual(["SE", "NO", "DK", "FI"]);
});

it("leaves a comma in a text or an expression alone", () => {
  show("text");
  arrive("Lovelace, Ada");
  fireEvent.blur(field());
  expect(held).toEqual(["Lovelace, Ada"]);
  cleanup();
  show("regex");
  arrive("a{1,3}");
  fireEvent.blur(field());
  expect(held).toEqual(["a{1,3}"]);
});

it("keeps a value that has a comma one value when it is edited", () => {
  show("any", ["Lovelace, Ada"]);
  fireEvent.click(screen.getByRole("button", { name: "Lovelace, Ada" }));
  arrive("Lovelace, Augusta Ada");
  fireEvent.blur(field());
  expect(held).toEqual(["Lovelace, Augusta Ada"]);
});
