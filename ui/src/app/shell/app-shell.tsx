import { Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { Mark } from "@/components/mark";
import { Button } from "@/components/ui/button";
import { useLiveFeed } from "@/domain/live/live-feed";
import { PaletteHost } from "@/features/palette/palette-host";
import { lastProject, rememberPlace } from "./last-project";
import { ShortcutsDialog } from "./shortcuts";
import { Sidebar } from "./sidebar";

export function AppShell() {
  const { org = "", project } = useParams({ strict: false });
  useLiveFeed(org);
  useEffect(() => rememberPlace(org, project), [org, project]);
  const shown = project ?? lastProject(org) ?? undefined;
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-2 text-page focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="lg:grid lg:grid-cols-[236px_1fr]">
        <aside className="sticky top-0 hidden h-dvh border-r bg-sunken lg:block">
          <Sidebar org={org} project={shown} />
        </aside>
        <PhoneBar org={org} project={shown} />
        <main id="content" tabIndex={-1} className="min-w-0 focus:outline-none">
          <div className="mx-auto max-w-6xl px-4 pt-6 pb-24 sm:px-6 lg:px-8 lg:pt-8">
            <Outlet />
          </div>
        </main>
      </div>
      <PaletteHost org={org} project={shown} />
      <ShortcutsDialog />
    </>
  );
}

function PhoneBar({ org, project }: { org: string; project: string | undefined }) {
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving somewhere puts the drawer away
  useEffect(() => setOpen(false), [path]);
  return (
    <header className="sticky top-0 z-20 flex h-12 items-center gap-3 border-b bg-sunken/95 px-3 backdrop-blur lg:hidden">
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger asChild>
          <Button look="ghost" size="icon" aria-label="Open the menu">
            <MenuIcon />
          </Button>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-40 w-72 max-w-[85vw] border-r bg-sunken shadow-float focus:outline-none"
          >
            <Dialog.Title className="sr-only">Menu</Dialog.Title>
            <Sidebar org={org} project={project} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      <Mark />
      <span className="truncate text-sm font-semibold">{project ?? org}</span>
    </header>
  );
}
