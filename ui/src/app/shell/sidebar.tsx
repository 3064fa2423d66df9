import { useQuery } from "@tanstack/react-query";
import {
  Bot,
  Boxes,
  Building2,
  Flag,
  Layers,
  Lock,
  PanelLeftClose,
  PanelLeftOpen,
  ScrollText,
  Settings2,
  ShieldCheck,
  UserRound,
  Users,
  UsersRound,
} from "lucide-react";
import { projectQuery } from "@/api/queries";
import { Mark } from "@/components/mark";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { paths } from "@/paths";
import { messages } from "../messages";
import { AccountMenu } from "./account-menu";
import { NavGroup } from "./nav-group";
import { NavLink } from "./nav-link";
import { OrganizationMenu } from "./organization-menu";
import { ProjectPicker } from "./project-picker";
import { collapseSidebar } from "./sidebar-state";

export interface SidebarProps {
  org: string;
  project: string | undefined;
  /** Only icons are shown. */
  collapsed?: boolean;
  /** It is the phone's drawer, which is not collapsed but closed. */
  drawer?: boolean;
}

/** The pages there are, grouped by what they belong to. */
export function Sidebar({ org, project, collapsed = false, drawer = false }: SidebarProps) {
  return (
    <div className={cn("flex h-full flex-col gap-2", collapsed ? "p-2" : "py-2.5 pr-2 pl-2.5")}>
      <div className={cn("flex items-center gap-1.5", collapsed ? "flex-col" : "pl-2")}>
        <Mark className="h-[17px]" />
        {!collapsed && <OrganizationMenu org={org} />}
        {!drawer && (
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={collapsed ? messages.expandSidebar : messages.collapseSidebar}
            onClick={() => collapseSidebar(!collapsed)}
          >
            {collapsed ? <PanelLeftOpen /> : <PanelLeftClose />}
          </Button>
        )}
      </div>
      <nav aria-label={messages.navigation} className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto">
        <NavGroup
          id="project"
          title={messages.project.group}
          collapsed={collapsed}
          head={!collapsed && <ProjectPicker org={org} project={project} />}
        >
          {project && <ProjectLinks org={org} project={project} collapsed={collapsed} />}
        </NavGroup>
        <NavGroup id="organization" title={messages.organization.group} collapsed={collapsed}>
          <NavLink
            exact
            to={paths.organization}
            params={{ org }}
            icon={Boxes}
            label={messages.pages.projects}
            collapsed={collapsed}
          />
          <NavLink
            to={paths.members}
            params={{ org }}
            icon={UserRound}
            label={messages.pages.members}
            collapsed={collapsed}
          />
          <NavLink
            to={paths.teams}
            params={{ org }}
            icon={UsersRound}
            label={messages.pages.teams}
            collapsed={collapsed}
          />
          <NavLink
            to={paths.roles}
            params={{ org }}
            icon={ShieldCheck}
            label={messages.pages.roles}
            collapsed={collapsed}
          />
          <NavLink
            to={paths.serviceAccounts}
            params={{ org }}
            icon={Bot}
            label={messages.pages.serviceAccounts}
            collapsed={collapsed}
          />
          <NavLink
            to={paths.audit}
            params={{ org }}
            icon={ScrollText}
            label={messages.pages.audit}
            collapsed={collapsed}
          />
          <NavLink
            to={paths.security}
            params={{ org }}
            icon={Lock}
            label={messages.pages.security}
            collapsed={collapsed}
          />
          <NavLink
            to={paths.general}
            params={{ org }}
            icon={Building2}
            label={messages.pages.general}
            collapsed={collapsed}
          />
        </NavGroup>
      </nav>
      <AccountMenu collapsed={collapsed} />
    </div>
  );
}

function ProjectLinks({ org, project, collapsed }: { org: string; project: string; collapsed: boolean }) {
  const { data } = useQuery(projectQuery({ org, project }));
  const shared = { params: { org, project }, collapsed };
  return (
    <>
      <NavLink
        {...shared}
        to={paths.flags}
        icon={Flag}
        label={messages.pages.flags}
        count={data?.flagCount}
      />
      <NavLink
        {...shared}
        to={paths.segments}
        icon={Users}
        label={messages.pages.segments}
        count={data?.segmentCount}
      />
      <NavLink
        {...shared}
        to={paths.environments}
        icon={Layers}
        label={messages.pages.environments}
        count={data?.environments.length}
      />
      <NavLink
        {...shared}
        to={paths.projectSettings}
        icon={Settings2}
        label={messages.pages.projectSettings}
      />
    </>
  );
}
