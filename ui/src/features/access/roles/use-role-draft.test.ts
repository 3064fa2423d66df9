import { expect, it } from "vitest";
import { mergePermissions } from "./use-role-draft";

it("puts in and takes out of someone else's permissions what was changed here", () => {
  const merged = mergePermissions(
    { permissions: ["flag.read", "flag.toggle"] },
    { permissions: ["flag.read", "key.read"] },
    { permissions: ["flag.read", "flag.toggle", "audit.read"] },
  );
  expect(merged).toEqual({ value: { permissions: ["flag.read", "audit.read", "key.read"] }, clashes: [] });
});
