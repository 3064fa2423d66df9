import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "@/app/query-client";
import { createAppRouter } from "@/app/router";
import { Toasts } from "@/app/toasts";
import { HintProvider } from "@/components/ui/hint";
import { watchReads } from "@/domain/live/apply-event";
import { followEarly } from "@/domain/live/live-feed";
import "./styles.css";

const client = createQueryClient();
watchReads(client);
followEarly(client, location.pathname);
const router = createAppRouter(client);
const place = document.getElementById("root");
if (!place) throw new Error("the page has no #root");

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <HintProvider>
        <RouterProvider router={router} />
        <Toasts />
      </HintProvider>
    </QueryClientProvider>
  </StrictMode>,
);
