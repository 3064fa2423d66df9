// Rendered by both: the server, then the browser.
import { Flag, useFlag, usePeekaboo } from "@peekaboo/sdk/react";
import type { ReactNode } from "react";

export function Shop(): ReactNode {
  const banner = useFlag("banner-text", "Welcome");
  const theme = useFlag("hero-theme", "dawn");
  const client = usePeekaboo(); // undefined on the server
  return (
    <main data-theme={theme}>
      <h1>{banner}</h1>
      <p>The shop looks like {theme}.</p>
      <Flag name="new-checkout" fallback={<button type="button">Buy now</button>}>
        <button type="button" onClick={() => client?.track("purchase", 12.5)}>
          Express checkout
        </button>
      </Flag>
    </main>
  );
}
