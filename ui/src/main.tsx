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
import { readersLanguage } from "@/languages/translations";
import { withoutBase } from "@/lib/base";
import { speak } from "@/lib/language/catalog";

async function start(place: HTMLElement): Promise<void> {
  const client = createQueryClient();
  watchReads(client);
  followEarly(client, withoutBase(location.pathname));
  const { language, locale, catalogs } = await readersLanguage(navigator.languages);
  document.documentElement.lang = language;
  speak(locale, catalogs);
  const router = createAppRouter(client);
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
}

const place = document.getElementById("root");
if (!place) throw new Error("the page has no #root");
void start(place);
