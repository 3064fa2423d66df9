import { describe, expect, it } from "vitest";
import { refusal } from "./access";

describe("refusal", () => {
  it("is nothing for those of the role or above", () => {
    expect(refusal("editor", "editor")).toBeUndefined();
    expect(refusal("owner", "editor")).toBeUndefined();
  });
  it("names the roles that may, and the one that the person has", () => {
    expect(refusal("viewer", "editor")).toBe(
      "Only editors, admins, and owners can do this. You are a viewer.",
    );
    expect(refusal("editor", "admin")).toBe("Only admins and owners can do this. You are an editor.");
    expect(refusal(undefined, "viewer")).toBe("You are not a member of this organization.");
  });
});
