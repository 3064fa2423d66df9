import { Outlet, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { LIST } from "@/components/table/list";
import { useLiveFeed } from "@/domain/live/live-feed";
import { WhyHost } from "@/features/access/why/why-host";
import { PaletteHost } from "@/features/palette/palette-host";
import { cn } from "@/lib/cn";
import { messages } from "../messages";
import { lastProject, rememberPlace } from "./last-project";
import { RouteAnnouncer } from "./route-announcer";
import { ShortcutsDialog } from "./shortcuts";
import { Sidebar } from "./sidebar";
import { useCollapsed } from "./sidebar-state";
import { TopBar } from "./top-bar";

const SKIP =
  "fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-2 text-page focus:translate-y-0";

/** The frame around every page: the sidebar on the canvas, and the page as one panel below its top bar. */
export function AppShell() {
  const { org = "", project } = useParams({ strict: false });
  useLiveFeed(org);
  useEffect(() => rememberPlace(org, project), [org, project]);
  const shown = project ?? lastProject(org) ?? undefined;
  const collapsed = useCollapsed();
  return (
    <>
      <a href="#content" className={SKIP}>
        {messages.skip}
      </a>
      <a href={`#${LIST}`} className={cn(SKIP, "hidden [:root:has([data-fill])_&]:block")}>
        {messages.skipToList}
      </a>
      <div
        className={cn(
          "grid h-dvh grid-cols-[minmax(0,1fr)]",
          collapsed ? "lg:grid-cols-[52px_minmax(0,1fr)]" : "lg:grid-cols-[224px_minmax(0,1fr)]",
        )}
      >
        <aside className="hidden min-h-0 lg:block">
          <Sidebar org={org} project={shown} collapsed={collapsed} />
        </aside>
        <div className="flex min-h-0 min-w-0 flex-col bg-panel lg:m-2 lg:ml-0 lg:overflow-clip lg:rounded-[11px] lg:border lg:shadow-panel">
          <TopBar org={org} project={shown} />
          <main
            id="content"
            tabIndex={-1}
            data-scroll-restoration-id="content"
            className="relative min-h-0 flex-1 scroll-pb-24 overflow-y-auto focus:outline-none"
          >
            <div className="flex min-h-full flex-col px-3.5 pt-4 pb-20 sm:px-4 has-data-[fill]:h-full has-data-[fill]:pb-0">
              <Outlet />
            </div>
          </main>
        </div>
      </div>
      <RouteAnnouncer />
      <PaletteHost org={org} project={shown} />
      <WhyHost />
      <ShortcutsDialog />
    </>
  );
}
