import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import type { LucideIcon } from "lucide-react";
import {
  Activity,
  Bot,
  Box,
  Boxes,
  Building2,
  CircleHelp,
  CornerDownRight,
  Flag,
  KeyRound,
  Layers,
  Lock,
  Plug,
  Plus,
  Settings2,
  ShieldCheck,
  Users,
  UsersRound,
} from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { flagChoicesQuery, projectQuery, projectsQuery, segmentChoicesQuery } from "@/api/queries";
import { itemsOf, useEveryPage } from "@/components/every-page";
import type { Command as RegisteredCommand } from "@/domain/palette/commands";
import { runWhenOffered, useRegisteredCommands } from "@/domain/palette/commands";
import { setPalette, takeEarly } from "@/domain/palette/palette-state";
import { paths } from "@/paths";
import { useCreations } from "./creations";
import { messages } from "./messages";
import type { Findable } from "./rank";
import { bestRank, found } from "./rank";

interface Destination extends Findable {
  id: string;
  icon: LucideIcon;
  /** Where it leads, or what it does, or both. */
  link?: Pick<LinkProps, "to" | "params" | "search">;
  run?: () => void;
}

/** Goes to any flag, segment, environment or page, and does what can be done, by a few letters of its name. */
export function Palette({ org, project: shownProject }: { org: string; project: string | undefined }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(takeEarly);
  const [chosen, setChosen] = useState("");
  useEffect(() => setTyped((held) => held + takeEarly()), []);
  const search = useDeferredValue(typed.trim());
  const projects = useInfiniteQuery(projectsQuery(org));
  useEveryPage(projects);
  // Whoever has not been in a project yet gets the first one's.
  const project = shownProject ?? itemsOf(projects.data)[0]?.key ?? "";
  const enabled = project !== "";
  const scope = { org, project };
  const shared = { enabled, placeholderData: keepPreviousData };
  const flags = useQuery({ ...flagChoicesQuery(scope, search || undefined), ...shared });
  const segments = useQuery({ ...segmentChoicesQuery(scope, search || undefined), ...shared });
  const details = useQuery({ ...projectQuery(scope), enabled });

  // The phone's drawer and the sidebar offer the same.
  const commands = uniqueById(useRegisteredCommands());
  const creations = useCreations(org, project).filter(({ id }) => !commands.some((item) => item.id === id));
  const groups: [keyof typeof messages.groups, Destination[]][] = [
    ["commands", commands.filter(({ everywhere }) => !everywhere).map(asDestination)],
    [
      "flags",
      (flags.data?.items ?? []).slice(0, 12).map((flag) => ({
        id: `flag ${flag.key}`,
        name: flag.name || flag.key,
        detail: flag.key,
        icon: Flag,
        link: { to: paths.flag, params: { ...scope, flag: flag.key }, search: {} },
      })),
    ],
    [
      "segments",
      (segments.data?.items ?? []).slice(0, 6).map((segment) => ({
        id: `segment ${segment.key}`,
        name: segment.name || segment.key,
        detail: segment.key,
        icon: Users,
        link: { to: paths.segment, params: { ...scope, segment: segment.key } },
      })),
    ],
    [
      "environments",
      (details.data?.environments ?? []).flatMap((environment): Destination[] => {
        const params = { ...scope, environment: environment.key };
        return [
          {
            id: `environment ${environment.key}`,
            name: environment.name,
            detail: messages.keysAndSettings,
            icon: Layers,
            link: { to: paths.environment, params },
          },
          {
            id: `connect ${environment.key}`,
            name: messages.connectTo(environment.name),
            detail: messages.snippets,
            icon: Plug,
            link: { to: paths.connect, params },
          },
        ];
      }),
    ],
    [
      "projects",
      itemsOf(projects.data).map((item) => ({
        id: `project ${item.key}`,
        name: item.name,
        detail: item.key,
        icon: Box,
        link: { to: paths.flags, params: { org, project: item.key }, search: {} },
      })),
    ],
    [
      "pages",
      [
        ...(enabled ? projectPages(scope) : []),
        {
          id: "projects",
          name: messages.projects,
          icon: Boxes,
          link: { to: paths.organization, params: { org } },
        },
        {
          id: "audit",
          name: messages.audit,
          icon: Activity,
          link: { to: paths.audit, params: { org }, search: {} },
        },
        {
          id: "teams",
          name: messages.teams,
          icon: UsersRound,
          link: { to: paths.teams, params: { org } },
        },
        {
          id: "roles",
          name: messages.roles,
          icon: ShieldCheck,
          link: { to: paths.roles, params: { org } },
        },
        {
          id: "serviceAccounts",
          name: messages.serviceAccounts,
          words: messages.serviceAccountWords,
          icon: Bot,
          link: { to: paths.serviceAccounts, params: { org } },
        },
        {
          id: "personalTokens",
          name: messages.personalTokens,
          icon: KeyRound,
          link: { to: paths.personalTokens, params: { org } },
        },
        {
          id: "why",
          name: messages.why,
          icon: CircleHelp,
          link: { to: paths.why, params: { org }, search: { permission: "flag.toggle" } },
        },
        {
          id: "members",
          name: messages.members,
          icon: UsersRound,
          link: { to: paths.members, params: { org } },
        },
        {
          id: "security",
          name: messages.security,
          words: messages.securityWords,
          icon: Lock,
          link: { to: paths.security, params: { org } },
        },
        {
          id: "general",
          name: messages.general,
          icon: Building2,
          link: { to: paths.general, params: { org } },
        },
      ],
    ],
    [
      "more",
      [
        ...creations.map(
          ({ id, name, page }): Destination => ({
            id: `command ${id}`,
            name,
            words: messages.createWords,
            icon: Plus,
            link: page,
            run: () => runWhenOffered(id),
          }),
        ),
        ...commands.filter(({ everywhere }) => everywhere).map(asDestination),
      ],
    ],
  ];
  const shown = groups
    .map(([group, items]): (typeof groups)[number] => [
      group,
      // The hub has looked for these.
      group === "flags" || group === "segments" ? items : found(items, search),
    ])
    .filter(([, items]) => items.length > 0)
    .sort(([, a], [, b]) => (search === "" ? 0 : bestRank(a, search) - bestRank(b, search)));
  // What was chosen may be gone when the hub's answer arrives; then the first is.
  const ids = shown.flatMap(([, items]) => items.map((item) => item.id));
  const value = ids.includes(chosen) ? chosen : (ids[0] ?? "");
  const choose = ({ link, run }: Destination) => {
    setPalette(false);
    // A dialog that the command opens takes the focus after the palette has given it back.
    if (run) setTimeout(run);
    if (link) void navigate(link);
  };
  return (
    <Command.Dialog
      open
      onOpenChange={setPalette}
      label={messages.label}
      shouldFilter={false}
      value={value}
      onValueChange={setChosen}
      overlayClassName="fixed inset-0 z-40 animate-fade bg-overlay"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-fade overflow-hidden rounded-xl border bg-panel shadow-float"
    >
      <Command.Input
        value={typed}
        onValueChange={(text) => {
          setTyped(text);
          setChosen("");
        }}
        placeholder={messages.placeholder}
        className="h-12 w-full border-b bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-sm text-muted">{messages.none}</Command.Empty>
        {shown.map(([group, items]) => (
          <Command.Group
            key={group}
            heading={messages.groups[group]}
            className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
          >
            {items.map(({ icon: Icon, ...item }) => (
              <Command.Item
                key={item.id}
                value={item.id}
                onSelect={() => choose({ icon: Icon, ...item })}
                className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-raised"
              >
                <Icon className="size-4 shrink-0 text-faint" aria-hidden />
                <span className="truncate">{item.name}</span>
                {item.detail && (
                  <span className="ml-auto truncate pl-3 font-mono text-xs text-muted">{item.detail}</span>
                )}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command.Dialog>
  );
}

function uniqueById(commands: readonly RegisteredCommand[]): RegisteredCommand[] {
  return [...new Map(commands.map((command) => [command.id, command])).values()];
}

function asDestination({ id, name, words = "", run }: RegisteredCommand): Destination {
  const creates = id.startsWith("create-");
  return {
    id: `command ${id}`,
    name,
    words: creates ? `${words} ${messages.createWords}` : words,
    icon: creates ? Plus : CornerDownRight,
    run,
  };
}

function projectPages(params: { org: string; project: string }): Destination[] {
  return [
    { id: "flags", name: messages.flags, icon: Flag, link: { to: paths.flags, params, search: {} } },
    { id: "segments", name: messages.segments, icon: Users, link: { to: paths.segments, params } },
    {
      id: "environments",
      name: messages.environments,
      icon: Layers,
      link: { to: paths.environments, params },
    },
    {
      id: "project-settings",
      name: messages.projectSettings,
      icon: Settings2,
      link: { to: paths.projectSettings, params },
    },
  ];
}
