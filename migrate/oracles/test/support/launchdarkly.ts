// LaunchDarkly's own server SDK, offline, on flags that are given.
import { init } from "@launchdarkly/node-server-sdk";
import { TestData } from "@launchdarkly/node-server-sdk/integrations";

type Json = { readonly [name: string]: unknown };

/** What LaunchDarkly's SDK answers. */
export interface LaunchDarklyOracle {
  /** What a flag serves; null where it leaves the value to the caller. */
  value(flag: string, context: Json): Promise<unknown>;
  close(): void;
}

/** Starts it with flags as SDKs receive them. */
export async function launchDarkly(flags: Json): Promise<LaunchDarklyOracle> {
  const data = new TestData();
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const client = init("sdk-key", { updateProcessor: data.getFactory(), sendEvents: false, logger: silent });
  const give = data.usePreconfiguredFlag.bind(data);
  await Promise.all(
    Object.entries(flags).map(([key, flag]) => give({ key, version: 1, salt: "s", ...(flag as object) })),
  );
  await client.waitForInitialization({ timeout: 10 });
  return {
    value: (flag, context) => client.variation(flag, context as never, null),
    close: () => client.close(),
  };
}
