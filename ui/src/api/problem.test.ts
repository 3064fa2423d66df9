import { describe, expect, it } from "vitest";
import { fieldError, formError, Problem, sentence } from "./problem";

const invalid = new Problem(422, {
  type: "urn:peekaboo:problem:invalid",
  title: "The request is not valid",
  detail: "two things are wrong",
  errors: [
    { pointer: "/key", code: "taken", detail: "the key is taken" },
    { pointer: "/variations/0/value", code: "type", detail: "a boolean is needed" },
  ],
});

describe("Problem", () => {
  it("knows its code and speaks in sentences", () => {
    expect(invalid.code).toBe("invalid");
    expect(invalid.message).toBe("Two things are wrong.");
    expect(sentence("Why?")).toBe("Why?");
  });

  it("finds the message of a field, or of anything within it", () => {
    expect(fieldError(invalid, "/key")).toBe("The key is taken.");
    expect(fieldError(invalid, "/variations")).toBe("A boolean is needed.");
    expect(fieldError(invalid, "/name")).toBeUndefined();
    expect(fieldError(new Error("x"), "/key")).toBeUndefined();
  });

  it("puts a key that is taken to the key's field", () => {
    const taken = new Problem(409, {
      type: "urn:peekaboo:problem:already_exists",
      detail: "there is a flag already",
    });
    expect(fieldError(taken, "/key")).toBe("There is a flag already.");
  });

  it("tells a form what no field shows", () => {
    expect(formError(invalid, ["/key"])).toBe("A boolean is needed.");
    expect(formError(invalid, ["/key", "/variations"])).toBeUndefined();
    expect(formError(Problem.unreachable(), ["/key"])).toMatch(/can’t be reached/);
    expect(formError(null, [])).toBeUndefined();
  });
});
