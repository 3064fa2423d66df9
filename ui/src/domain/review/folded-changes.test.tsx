// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Change } from "@/domain/targeting/changes";
import { FoldedChanges } from "./folded-changes";

afterEach(cleanup);

const changes = (count: number): Change[] =>
  Array.from({ length: count }, (_, index) => ({ kind: "added", what: `Added rule ${index + 1}` }));
const lines = () => screen.getAllByRole("listitem").length;

it("shows a few changes of a hundred, and all when asked", () => {
  render(<FoldedChanges changes={changes(100)} />);
  expect(lines()).toBe(4);
  fireEvent.click(screen.getByRole("button", { name: "Show all 100 changes" }));
  expect(lines()).toBe(100);
  fireEvent.click(screen.getByRole("button", { name: "Show less" }));
  expect(lines()).toBe(4);
});

it("folds nothing away to put a button in its place", () => {
  render(<FoldedChanges changes={changes(5)} />);
  expect(lines()).toBe(5);
  expect(screen.queryByRole("button")).toBeNull();
});

it("can show the whole of a single long change", () => {
  const value = "x".repeat(5_000);
  render(<FoldedChanges changes={[{ kind: "changed", what: "Value of on", from: "{}", to: value }]} />);
  fireEvent.click(screen.getByRole("button", { name: "Show all of it" }));
  expect(screen.getByText(value)).toBeDefined();
});
