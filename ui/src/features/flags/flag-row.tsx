import { Link } from "@tanstack/react-router";
import { EyeOff, MonitorSmartphone } from "lucide-react";
import type { Environment, Flag } from "@/api/types";
import { EnvironmentDot } from "@/components/environment-name";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { flagId, useFlash } from "@/domain/live/flashes";
import { useUnsavedEnvironments } from "@/domain/targeting/drafts";
import { cn } from "@/lib/cn";
import { paths } from "@/paths";
import { EnvironmentSwitch } from "./environment-switch";
import { TypeIcon } from "./type-icon";
import { unusedFor } from "./unused";

/** When the flag or its targeting anywhere last changed. */
function lastChange(flag: Flag): string {
  const times = Object.values(flag.environments).map((state) => state.updatedAt);
  return [flag.updatedAt, ...times].reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a));
}

export interface FlagRowProps {
  org: string;
  project: string;
  flag: Flag;
  environments: Environment[];
}

export function FlagRow({ org, project, flag, environments }: FlagRowProps) {
  const unsaved = useUnsavedEnvironments({ org, project, flag: flag.key });
  const flashing = useFlash(flagId(project, flag.key));
  const unused = unusedFor(flag);
  return (
    <tr
      data-flashing={flashing || undefined}
      className={cn(
        "group flex flex-wrap items-center gap-x-3 border-t px-4 py-3 first:border-t-0 hover:bg-sunken/70 md:table-row md:px-0 md:py-0",
        flashing && "animate-flash",
      )}
    >
      <th
        scope="row"
        className="min-w-0 basis-full py-2.5 text-left font-normal md:w-full md:max-w-0 md:pr-3 md:pl-4"
      >
        <div className="flex items-center gap-3">
          <TypeIcon type={flag.type} />
          <div className="min-w-0 flex-1">
            <div className="flex items-center gap-2">
              <Link
                to={paths.flag}
                params={{ org, project, flag: flag.key }}
                className="truncate text-sm font-medium hover:underline"
              >
                {flag.name || flag.key}
              </Link>
              {flag.clientVisible && (
                <MonitorSmartphone
                  className="size-3.5 shrink-0 text-faint"
                  aria-label="Visible to browsers"
                />
              )}
              {unsaved.length > 0 && <Badge tone="boo">unsaved in {unsaved.join(", ")}</Badge>}
              {unused !== null && (
                <Badge
                  tone="outline"
                  title="No application has evaluated it since, in any environment: perhaps its code is gone."
                >
                  unused for {unused} days
                </Badge>
              )}
              {flag.archivedAt && (
                <Badge tone="outline">
                  <EyeOff aria-hidden /> Archived
                </Badge>
              )}
              {flag.tags.map((tag) => (
                <Link
                  key={tag}
                  to={paths.flags}
                  params={{ org, project }}
                  search={(held) => ({ ...held, tag })}
                  aria-label={`Only flags tagged ${tag}`}
                  className="hidden xl:block"
                >
                  <Badge className="hover:text-ink">{tag}</Badge>
                </Link>
              ))}
            </div>
            <div className="flex items-baseline gap-2 text-xs text-muted">
              <span className="max-w-full shrink-0 truncate font-mono">{flag.key}</span>
              {flag.description && (
                <span className="hidden truncate text-faint lg:inline">{flag.description}</span>
              )}
            </div>
          </div>
        </div>
      </th>
      {environments.map((environment) => (
        <td key={environment.id} className="px-1 py-1.5 md:px-3 md:text-center">
          <div className="flex items-center gap-1.5 md:justify-center">
            <span className="flex items-center gap-1.5 text-xs text-muted md:hidden">
              <EnvironmentDot environment={environment} />
              {environment.name}
            </span>
            <EnvironmentSwitch org={org} project={project} flag={flag} environment={environment} />
          </div>
        </td>
      ))}
      <td className="hidden whitespace-nowrap py-2 pr-4 pl-3 text-right text-xs text-faint lg:table-cell">
        <Time at={lastChange(flag)} />
      </td>
    </tr>
  );
}
