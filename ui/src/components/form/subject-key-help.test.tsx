// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { SubjectKeyHelp } from "./subject-key-help";

afterEach(cleanup);

describe("SubjectKeyHelp", () => {
  it("warns of a key that differs only by case", () => {
    render(
      <SubjectKeyHelp
        usedKeys={[{ key: "other" }, { key: "Sample" }]}
        typed="sample"
        help="Never changes."
      />,
    );
    expect(screen.getByRole("status").textContent).toContain("Sample");
  });

  it("says nothing of the same key, nor of another one", () => {
    render(
      <SubjectKeyHelp
        usedKeys={[{ key: "sample" }, { key: "samples" }]}
        typed="sample"
        help="Never changes."
      />,
    );
    expect(screen.queryByRole("status")).toBeNull();
  });
});
