// #region read
import { Flag, useFlag, usePeekaboo } from "@peekaboo/sdk/react";
import type { ReactNode } from "react";

export function Shop(): ReactNode {
  const banner = useFlag("banner-text", "Welcome"); // renders again when this flag changes, and for no other
  const client = usePeekaboo();
  return (
    <main>
      <h1>{banner}</h1>
      <Flag name="new-checkout" fallback={<button type="button">Buy now</button>}>
        <button type="button" onClick={() => client?.track("purchase", 12.5)}>
          Express checkout
        </button>
      </Flag>
      <button type="button" onClick={() => void client?.identify({ targetingKey: "user-2", plan: "pro" })}>
        Sign in
      </button>
    </main>
  );
}
// #endregion
