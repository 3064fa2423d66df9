// #region browser
import { createClient } from "@peekaboo/sdk";
import { PeekabooProvider } from "@peekaboo/sdk/react";
import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { Shop } from "./shop.js";
import type { Start } from "./start.js";

const { values, context, hub } = JSON.parse(document.getElementById("start")?.textContent ?? "") as Start;
const client = hub && createClient({ ...hub, context, bootstrap: values });

hydrateRoot(
  document.getElementById("root") as HTMLElement,
  <StrictMode>
    <PeekabooProvider client={client} bootstrap={values}>
      <Shop />
    </PeekabooProvider>
  </StrictMode>,
);
// #endregion
