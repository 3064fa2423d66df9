// #region render
import { PeekabooProvider } from "@peekaboo/sdk/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { Shop } from "./shop.js";
import type { Start } from "./start.js";

/** The page as HTML, with what its script starts from. */
export function renderPage(template: string, start: Start): string {
  const shop = renderToString(
    <StrictMode>
      <PeekabooProvider bootstrap={start.values}>
        <Shop />
      </PeekabooProvider>
    </StrictMode>,
  );
  // Nothing that a flag holds ends the element that the JSON stands in.
  const json = JSON.stringify(start).replaceAll("<", "\\u003c");
  const script = `<script type="application/json" id="start">${json}</script>`;
  return template.replace("<!--shop-->", () => shop).replace("<!--start-->", () => script);
}
// #endregion
