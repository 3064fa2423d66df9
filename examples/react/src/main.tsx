// #region create
import { createClient } from "@peekaboo/sdk";
import { PeekabooProvider } from "@peekaboo/sdk/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Shop } from "./shop.js";

const { key = "", url = "" } = Object.fromEntries(new URLSearchParams(location.search));

// Once, outside of components: the provider neither makes a client nor closes one.
const client = createClient({ key, url, anonymous: true });

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <PeekabooProvider client={client}>
      <Shop />
    </PeekabooProvider>
  </StrictMode>,
);
// #endregion
