import { useQuery } from "@tanstack/react-query";
import { Activity, Flag, Layers, Search, Settings, Terminal, Users, UsersRound } from "lucide-react";
import { projectQuery } from "@/api/queries";
import { Mark } from "@/components/mark";
import { Kbd } from "@/components/ui/kbd";
import { openPalette } from "@/features/palette/palette-state";
import { commandKey } from "@/lib/platform";
import { paths } from "@/paths";
import { AccountMenu } from "./account-menu";
import { LiveBadge } from "./live-badge";
import { NavLink } from "./nav-link";
import { OrganizationMenu } from "./organization-menu";
import { ProjectPicker } from "./project-picker";

export function Sidebar({ org, project }: { org: string; project: string | undefined }) {
  return (
    <div className="flex h-full flex-col gap-4 p-3">
      <div className="flex items-center gap-2 px-1 pt-1">
        <Mark />
        <OrganizationMenu org={org} />
      </div>
      <button
        type="button"
        onClick={openPalette}
        className="flex h-8 items-center gap-2 rounded-md border bg-panel px-2 text-sm text-faint transition-colors hover:border-line-strong hover:text-muted"
      >
        <Search className="size-4" aria-hidden />
        <span className="flex-1 text-left">Jump to…</span>
        <Kbd>{`${commandKey}K`}</Kbd>
      </button>
      <nav aria-label="Main" className="flex flex-1 flex-col gap-5 overflow-y-auto">
        <div className="space-y-0.5">
          <ProjectPicker org={org} project={project} />
          {project && <ProjectLinks org={org} project={project} />}
        </div>
        <div className="space-y-0.5">
          <p className="px-2 pb-1 text-2xs font-medium text-faint">Organisation</p>
          <NavLink to={paths.audit} params={{ org }} icon={Activity} label="Audit log" />
          <NavLink to={paths.tokens} params={{ org }} icon={Terminal} label="API tokens" />
          <NavLink to={paths.members} params={{ org }} icon={UsersRound} label="Members" />
        </div>
      </nav>
      <div className="space-y-1 border-t pt-2">
        <LiveBadge />
        <AccountMenu />
      </div>
    </div>
  );
}

function ProjectLinks({ org, project }: { org: string; project: string }) {
  const { data } = useQuery(projectQuery({ org, project }));
  const params = { org, project };
  return (
    <>
      <NavLink to={paths.flags} params={params} icon={Flag} label="Flags" count={data?.flagCount} />
      <NavLink to={paths.segments} params={params} icon={Users} label="Segments" count={data?.segmentCount} />
      <NavLink to={paths.environments} params={params} icon={Layers} label="Environments" />
      <NavLink to={paths.projectSettings} params={params} icon={Settings} label="Project settings" />
    </>
  );
}
