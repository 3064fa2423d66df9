import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import type { LucideIcon } from "lucide-react";
import {
  Activity,
  Box,
  Building2,
  CornerDownRight,
  Flag,
  Layers,
  Plug,
  Terminal,
  Users,
  UsersRound,
} from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { flagChoicesQuery, projectQuery, projectsQuery, segmentChoicesQuery } from "@/api/queries";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { useRegisteredCommands } from "@/domain/palette/commands";
import { setPalette, takeEarly } from "@/domain/palette/palette-state";
import { paths } from "@/paths";
import { messages } from "./messages";

interface Destination {
  id: string;
  name: string;
  detail?: string | undefined;
  icon: LucideIcon;
  /** Where it leads, or else what it does. */
  link?: Pick<LinkProps, "to" | "params" | "search">;
  run?: () => void;
}

/** Goes to any flag, segment, environment or page by a few letters of its name. */
export function Palette({ org, project = "" }: { org: string; project: string | undefined }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(takeEarly);
  const [chosen, setChosen] = useState("");
  useEffect(() => setTyped((held) => held + takeEarly()), []);
  const search = useDeferredValue(typed.trim());
  const enabled = project !== "";
  const scope = { org, project };
  const shared = { enabled, placeholderData: keepPreviousData };
  const flags = useQuery({ ...flagChoicesQuery(scope, search || undefined), ...shared });
  const segments = useQuery({ ...segmentChoicesQuery(scope, search || undefined), ...shared });
  const details = useQuery({ ...projectQuery(scope), enabled });
  const projects = useInfiniteQuery(projectsQuery(org));
  useEveryPage(projects);

  const matches = (name: string) => name.toLowerCase().includes(search.toLowerCase());
  const commands = useRegisteredCommands();
  const groups: [keyof typeof messages.groups, Destination[]][] = [
    [
      "commands",
      commands.map(({ id, name, run }) => ({ id: `command ${id}`, name, icon: CornerDownRight, run })),
    ],
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
        {
          id: "audit",
          name: messages.audit,
          icon: Activity,
          link: { to: paths.audit, params: { org }, search: {} },
        },
        { id: "tokens", name: messages.tokens, icon: Terminal, link: { to: paths.tokens, params: { org } } },
        {
          id: "members",
          name: messages.members,
          icon: UsersRound,
          link: { to: paths.members, params: { org } },
        },
        {
          id: "general",
          name: messages.general,
          icon: Building2,
          link: { to: paths.general, params: { org } },
        },
      ],
    ],
  ];
  const shown = groups
    .map(([group, items]): (typeof groups)[number] => [
      group,
      group === "flags" || group === "segments"
        ? items
        : items.filter((item) => matches(`${item.name} ${item.detail ?? ""}`)),
    ])
    .filter(([, items]) => items.length > 0);
  // What was chosen may be gone when the hub's answer arrives; then the first is.
  const ids = shown.flatMap(([, items]) => items.map((item) => item.id));
  const value = ids.includes(chosen) ? chosen : (ids[0] ?? "");
  const choose = ({ link, run }: Destination) => {
    setPalette(false);
    // A dialog that the command opens takes the focus after the palette has given it back.
    if (run) setTimeout(run);
    else if (link) void navigate(link);
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
            {items.map(({ id, name, detail, icon: Icon, ...does }) => (
              <Command.Item
                key={id}
                value={id}
                onSelect={() => choose({ id, name, icon: Icon, ...does })}
                className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-raised"
              >
                <Icon className="size-4 shrink-0 text-faint" aria-hidden />
                <span className="truncate">{name}</span>
                {detail && (
                  <span className="ml-auto truncate pl-3 font-mono text-xs text-muted">{detail}</span>
                )}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command.Dialog>
  );
}
