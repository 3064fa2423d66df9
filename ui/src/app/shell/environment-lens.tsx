import { useQuery } from "@tanstack/react-query";
import { useMatches, useNavigate, useParams } from "@tanstack/react-router";
import { ChevronsUpDown, Layers } from "lucide-react";
import { projectQuery } from "@/api/queries";
import { EnvironmentDot, EnvironmentName } from "@/components/environment-name";
import { Menu, MenuChoice, MenuLabel } from "@/components/ui/menu";
import { page, paths } from "@/paths";
import { messages } from "../messages";

const ALL = "";

/** Through which environment flags are looked at: one, or all. It stands in the URL of the pages that have one. */
export function EnvironmentLens() {
  const { org = "", project } = useParams({ strict: false });
  const match = useMatches({ select: (matches) => matches.at(-1) });
  const list = match?.routeId === page(paths.flags);
  const shown = project !== undefined && (list || match?.routeId === page(paths.flag));
  if (!shown) return null;
  const env = (match.search as { env?: string }).env;
  return <Lens org={org} project={project} env={env} all={list} />;
}

interface LensProps {
  org: string;
  project: string;
  env: string | undefined;
  /** Whether all environments can be looked at together. */
  all: boolean;
}

function Lens({ org, project, env, all }: LensProps) {
  const navigate = useNavigate();
  const { data } = useQuery(projectQuery({ org, project }));
  const environments = data?.environments ?? [];
  const chosen = environments.find((item) => item.key === env) ?? (all ? undefined : environments[0]);
  const name = chosen?.name ?? messages.environment.all;
  const choose = (next: string) =>
    void navigate({
      to: ".",
      search: ((held: { env?: string }) => {
        const { env: _, ...rest } = held;
        return next === ALL ? rest : { ...rest, env: next };
      }) as never,
      replace: true,
    });
  return (
    <Menu
      align="end"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={messages.environment.current(name)}
          className="flex h-[30px] max-w-44 min-w-0 items-center gap-2 rounded-[7px] border border-line-strong bg-panel px-2.5 text-sm font-medium transition-colors hover:bg-raised max-sm:h-[34px]"
        >
          {chosen ? (
            <EnvironmentDot environment={chosen} />
          ) : (
            <Layers className="size-3.5 shrink-0 text-faint" aria-hidden />
          )}
          <span className="truncate">{name}</span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-faint" aria-hidden />
        </button>
      }
    >
      <MenuLabel>{messages.environment.label}</MenuLabel>
      <MenuChoice
        value={chosen?.key ?? ALL}
        onChange={choose}
        options={[
          ...(all ? [{ value: ALL, label: messages.environment.all }] : []),
          ...environments.map((item) => ({
            value: item.key,
            label: <EnvironmentName environment={item} />,
          })),
        ]}
      />
    </Menu>
  );
}
