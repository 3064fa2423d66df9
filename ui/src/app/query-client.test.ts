import { MutationObserver, onlineManager, QueryObserver } from "@tanstack/react-query";
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

/** A query whose answers are given by hand, in the order in which they were requested. */
function asked(client: ReturnType<typeof createQueryClient>) {
  const answers: ((value: string) => void)[] = [];
  const query = {
    queryKey: ["flags"],
    queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
  };
  return { answers, query, state: () => client.getQueryState<string>(["flags"]) };
}

it("takes no answer for fresh that was on its way when something changed", async () => {
  const client = createQueryClient();
  const { answers, query, state } = asked(client);
  const first = client.fetchQuery(query);
  void client.invalidateQueries({ queryKey: ["flags"] });
  void client.invalidateQueries();
  answers[0]?.("before");
  expect(await first).toBe("before");
  await expect.poll(() => state()?.isInvalidated).toBe(true);
  expect(answers).toHaveLength(1);
});

it("asks again for what is shown first after something changed", async () => {
  const client = createQueryClient();
  const { answers, query, state } = asked(client);
  const stop = new QueryObserver(client, query).subscribe(() => {});
  void client.invalidateQueries({ queryKey: ["flags"] });
  answers[0]?.("before");
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.("after");
  await expect.poll(() => state()?.data).toBe("after");
  expect(state()?.isInvalidated).toBe(false);
  stop();
});

it("lets an answer be fresh that was requested after the change", async () => {
  const client = createQueryClient();
  const { answers, query, state } = asked(client);
  client.setQueryData(["flags"], "long ago");
  const stop = new QueryObserver(client, { ...query, staleTime: Number.POSITIVE_INFINITY }).subscribe(
    () => {},
  );
  void client.refetchQueries();
  void client.invalidateQueries({ queryKey: ["flags"] });
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.("after");
  answers[0]?.("before");
  await expect.poll(() => state()?.fetchStatus).toBe("idle");
  expect(state()).toMatchObject({ data: "after", isInvalidated: false });
  expect(answers).toHaveLength(2);
  stop();
});
