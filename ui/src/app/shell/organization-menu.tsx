import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, Plus } from "lucide-react";
import { sessionQuery } from "@/api/queries";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { paths } from "@/paths";
import { messages } from "../messages";

export function OrganizationMenu({ org }: { org: string }) {
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const organizations = session?.organizations ?? [];
  const name = organizations.find((item) => item.key === org)?.name ?? org;
  return (
    <Menu
      className="w-56"
      trigger={
        <button
          type="button"
          aria-label={messages.organization.current(name)}
          className="flex min-w-0 flex-1 items-center gap-1.5 rounded-md px-1.5 py-1 text-left transition-colors hover:bg-raised"
        >
          <span className="min-w-0 flex-1 truncate text-base font-semibold tracking-tight">{name}</span>
          <ChevronsUpDown className="size-3.5 text-faint" aria-hidden />
        </button>
      }
    >
      <MenuLabel>{messages.organization.list}</MenuLabel>
      <MenuChoice
        value={org}
        onChange={(next) => void navigate({ to: paths.organization, params: { org: next } })}
        options={organizations.map((item) => ({ value: item.key, label: item.name }))}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void navigate({ to: paths.organizations })}>
        <Plus aria-hidden /> {messages.organization.all}
      </MenuItem>
    </Menu>
  );
}
