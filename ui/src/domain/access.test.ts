import { describe, expect, it } from "vitest";
import { refusal } from "./access";

describe("refusal", () => {
  it("is nothing for those of the role or above", () => {
    expect(refusal("editor", "editor")).toBeUndefined();
    expect(refusal("owner", "editor")).toBeUndefined();
  });
  it("names the role one has and the one it takes", () => {
    expect(refusal("viewer", "editor")).toBe("You are a viewer here. This takes an editor.");
    expect(refusal("editor", "admin")).toBe("You are an editor here. This takes an admin.");
    expect(refusal(undefined, "viewer")).toBe("You are not a member here. This takes a viewer.");
  });
});
