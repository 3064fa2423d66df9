import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, LayoutGrid } from "lucide-react";
import { projectsQuery } from "@/api/queries";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { paths } from "@/paths";
import { messages } from "../messages";

export function ProjectPicker({ org, project }: { org: string; project: string | undefined }) {
  const navigate = useNavigate();
  const query = useInfiniteQuery(projectsQuery(org));
  useEveryPage(query);
  const projects = itemsOf(query.data);
  const name = projects.find((item) => item.key === project)?.name ?? project ?? messages.project.choose;
  return (
    <Menu
      className="w-56"
      trigger={
        <button
          type="button"
          aria-label={messages.project.current(name)}
          className="mb-0.5 flex h-[34px] w-full items-center gap-2.5 rounded-[7px] border bg-panel px-2 text-left shadow-panel transition-colors hover:border-line-strong"
        >
          <span
            aria-hidden
            data-initial={name.charAt(0).toUpperCase()}
            className="grid size-[18px] shrink-0 place-items-center rounded-[5px] bg-ink text-[10px] font-semibold text-panel before:content-[attr(data-initial)]"
          />
          <span className="min-w-0 flex-1 truncate text-sm font-medium">{name}</span>
          <ChevronsUpDown className="size-3.5 text-faint" aria-hidden />
        </button>
      }
    >
      <MenuLabel>{messages.project.list}</MenuLabel>
      <MenuChoice
        value={project ?? ""}
        onChange={(next) => void navigate({ to: paths.flags, params: { org, project: next } })}
        options={projects.map((item) => ({ value: item.key, label: item.name }))}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void navigate({ to: paths.organization, params: { org } })}>
        <LayoutGrid aria-hidden /> {messages.project.all}
      </MenuItem>
    </Menu>
  );
}
