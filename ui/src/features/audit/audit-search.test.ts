import { expect, it } from "vitest";
import { auditFilter, isBackwards, parseAuditSearch } from "./audit-search";

const ADA = "0193f3a2-0000-7c3a-9d52-3f1f6a0e8b11";

it("reads what can be filtered by and passes over what nobody can have chosen", () => {
  const search = {
    actor: ADA,
    subjectKind: "token",
    subject: "terraform",
    from: "2026-11-27",
    to: "2026-11-29",
  };
  expect(parseAuditSearch({ ...search, page: 3 })).toEqual(search);
  const nonsense = { actor: "ada", subjectKind: "ghost", from: "yesterday", to: "2026-13-45" };
  expect(parseAuditSearch(nonsense)).toEqual({});
});

it("takes links that name a flag or a segment", () => {
  expect(parseAuditSearch({ flag: "checkout" })).toEqual({ subjectKind: "flag", subject: "checkout" });
  expect(parseAuditSearch({ segment: "beta" })).toEqual({ subjectKind: "segment", subject: "beta" });
});

it("asks for whole days where the reader is", () => {
  const { since, until, action } = auditFilter({
    action: "flag.created",
    from: "2026-11-27",
    to: "2026-11-30",
  });
  expect(action).toBe("flag.created");
  expect(since).toBe(new Date(2026, 10, 27).toISOString());
  expect(until).toBe(new Date(2026, 11, 1).toISOString());
});

it("notices days in the wrong order", () => {
  expect(isBackwards({ from: "2026-11-29", to: "2026-11-27" })).toBe(true);
  expect(isBackwards({ from: "2026-11-27", to: "2026-11-27" })).toBe(false);
  expect(isBackwards({ to: "2026-11-27" })).toBe(false);
});
