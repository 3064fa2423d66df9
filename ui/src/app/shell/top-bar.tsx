import { useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon, Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { openPalette } from "@/domain/palette/palette-state";
import { commandKey } from "@/lib/platform";
import { messages } from "../messages";
import { Breadcrumbs } from "./breadcrumbs";
import { EnvironmentLens } from "./environment-lens";
import { LiveBadge } from "./live-badge";
import { Sidebar } from "./sidebar";

/** Where one is, through which environment one looks, a way to anywhere else, and whether changes arrive. */
export function TopBar({ org, project }: { org: string; project: string | undefined }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b pr-2 pl-1.5 sm:pr-3 lg:pl-4">
      <Drawer org={org} project={project} />
      <Breadcrumbs />
      <EnvironmentLens />
      <button
        type="button"
        onClick={openPalette}
        className="hidden h-[30px] w-52 items-center gap-2 rounded-[7px] border border-line-strong bg-panel px-2.5 text-sm text-faint transition-colors hover:bg-raised hover:text-muted md:flex"
      >
        <Search className="size-3.5" aria-hidden />
        <span className="flex-1 text-left">{messages.searchOrJump}</span>
        <Kbd>{`${commandKey}K`}</Kbd>
      </button>
      <Button
        look="ghost"
        size="icon"
        aria-label={messages.search}
        className="md:hidden"
        onClick={openPalette}
      >
        <Search />
      </Button>
      <LiveBadge />
    </header>
  );
}

function Drawer({ org, project }: { org: string; project: string | undefined }) {
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving somewhere puts the drawer away
  useEffect(() => setOpen(false), [path]);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button look="ghost" size="icon" aria-label={messages.openMenu} className="lg:hidden">
          <MenuIcon />
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-40 w-72 max-w-[85vw] border-r bg-page shadow-float focus:outline-none"
        >
          <Dialog.Title className="sr-only">{messages.menu}</Dialog.Title>
          <Sidebar org={org} project={project} drawer />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
