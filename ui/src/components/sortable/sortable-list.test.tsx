// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import { moveItem } from "./move-item";
import { DragHandle } from "./sortable-item";
import { SortableList } from "./sortable-list";

afterEach(cleanup);

function Fruit({ fixed = false }: { fixed?: boolean }) {
  const [fruit, setFruit] = useState(["apple", "pear", "plum"]);
  return (
    <SortableList
      label="Fruit"
      ids={fruit}
      nameOf={(index) => fruit[index] ?? ""}
      onMove={(from, to) => setFruit(moveItem(fruit, from, to))}
      fixed={fixed}
    >
      {(index) => (
        <>
          <DragHandle />
          {fruit[index]}
        </>
      )}
    </SortableList>
  );
}

const order = () => screen.getAllByRole("listitem").map((item) => item.textContent);
const handle = (name: string) => screen.getByRole("button", { name: `Move ${name}` });

it("moves an item with the arrow keys, keeps its focus, and says where it went", () => {
  render(<Fruit />);
  handle("apple").focus();
  fireEvent.keyDown(handle("apple"), { key: "ArrowDown" });
  expect(order()).toEqual(["pear", "apple", "plum"]);
  expect(document.activeElement).toBe(handle("apple"));
  expect(screen.getByText("Moved apple to position 2 of 3.")).toBeDefined();
});

it("leaves the first item first", () => {
  render(<Fruit />);
  fireEvent.keyDown(handle("apple"), { key: "ArrowUp" });
  expect(order()).toEqual(["apple", "pear", "plum"]);
});

it("has no handles when the order is fixed", () => {
  render(<Fruit fixed />);
  expect(screen.queryAllByRole("button")).toEqual([]);
});
