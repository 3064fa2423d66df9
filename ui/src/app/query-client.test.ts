import { MutationObserver, onlineManager } from "@tanstack/react-query";
import { afterEach, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { createQueryClient } from "./query-client";

afterEach(() => onlineManager.setOnline(true));

it("fails a change that is made offline at once, and never sends it later by itself", async () => {
  const client = createQueryClient();
  let sent = 0;
  const change = new MutationObserver(client, {
    mutationFn: () => {
      sent += 1;
      return onlineManager.isOnline() ? Promise.resolve("done") : Promise.reject(Problem.unreachable(false));
    },
  });
  onlineManager.setOnline(false);
  await expect(change.mutate()).rejects.toThrow("You are offline");
  expect(change.getCurrentResult()).toMatchObject({ isError: true, isPaused: false });
  onlineManager.setOnline(true);
  await client.resumePausedMutations();
  expect(sent).toBe(1);
});

it("reads anew what a mutation declares, once it has succeeded", async () => {
  const client = createQueryClient();
  for (const key of ["flags", "audit", "session"]) client.setQueryData([key], 1);
  const stale = () => ["flags", "audit", "session"].map((key) => client.getQueryState([key])?.isInvalidated);
  const failing = new MutationObserver(client, {
    mutationFn: () => Promise.reject(new Error("no")),
    meta: { invalidates: [["flags"]] },
  });
  await expect(failing.mutate()).rejects.toThrow("no");
  expect(stale()).toEqual([false, false, false]);
  const good = new MutationObserver(client, {
    mutationFn: () => Promise.resolve(1),
    meta: { invalidates: [["flags"]], awaits: [["audit"]] },
  });
  await good.mutate();
  expect(stale()).toEqual([true, true, false]);
});
