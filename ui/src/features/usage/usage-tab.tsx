import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { auditQuery, flagUsageQuery } from "@/api/queries";
import type { Environment, Flag, FlagUsage } from "@/api/types";
import type { UsageScope } from "@/api/usage";
import type { ChartMarker } from "@/components/chart/bar-chart";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { NativeSelect } from "@/components/ui/input";
import { Panel } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { VariationName } from "@/components/variation-name";
import type { FlagSearch, Grouping } from "@/domain/flag-search";
import { GROUPINGS } from "@/domain/flag-search";
import type { RangeName } from "@/domain/usage-ranges";
import { RANGE_NAMES, RANGES } from "@/domain/usage-ranges";
import { variationColor } from "@/lib/variation-color";
import { page, paths } from "@/paths";
import { Breakdown } from "./breakdown";
import type { Bucket } from "./buckets";
import { bucketsOf, nameOf } from "./buckets";
import { ImpactSection } from "./impact-section";
import { reasonName, shown, versionName } from "./shown";
import { UsageChart } from "./usage-chart";
import { UsageTable } from "./usage-table";

export interface UsageTabProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
}

/** What applications did with a flag in one environment. */
export function UsageTab({ org, project, flag, environment }: UsageTabProps) {
  const search = useSearch({ from: page(paths.flag) });
  const navigate = useNavigate({ from: paths.flag });
  const set = (change: Partial<FlagSearch>) =>
    void navigate({ search: (held) => ({ ...held, ...change }), replace: true });
  const range = search.range ?? "7d";
  const by = search.by ?? "variation";
  const { label, ...period } = RANGES[range];
  const scope = { org, project, flag: flag.key, environment: environment.key };
  const usage = useQuery({ ...flagUsageQuery(scope, period, by), placeholderData: keepPreviousData });
  if (usage.isPending) return <ListSkeleton rows={4} label="Loading the usage" />;
  if (usage.isLoadingError) return <ErrorNote error={usage.error} retry={() => void usage.refetch()} />;
  const told = usage.data;
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center gap-2">
        <NativeSelect
          aria-label="Time"
          value={range}
          onChange={(event) => set({ range: event.target.value as RangeName })}
        >
          {RANGE_NAMES.map((name) => (
            <option key={name} value={name}>
              Last {RANGES[name].label}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          aria-label="Told apart by"
          value={by}
          onChange={(event) => set({ by: event.target.value as Grouping })}
        >
          {GROUPINGS.map((grouping) => (
            <option key={grouping} value={grouping}>
              By {grouping}
            </option>
          ))}
        </NativeSelect>
        <p className="ml-auto text-sm text-muted">
          {told.lastEvaluatedAt ? (
            <>
              Last evaluated <Time at={told.lastEvaluatedAt} className="text-ink" />
            </>
          ) : (
            "Never evaluated"
          )}
        </p>
      </div>
      {told.evaluations === 0 ? (
        <Empty
          title={`No evaluations in the last ${label}`}
          action={
            <Button asChild>
              <Link to={paths.connect} params={{ org, project, environment: environment.key }}>
                Connect an application
              </Link>
            </Button>
          }
        >
          Applications tell what they did with their flags every ten seconds or so. None of them has told of
          this one in {environment.name}.
        </Empty>
      ) : (
        <Told
          org={org}
          project={project}
          told={told}
          flag={flag}
          by={by}
          label={label}
          environment={environment}
        />
      )}
      <ImpactSection
        scope={scope}
        period={period}
        flag={flag}
        event={search.event}
        onChoose={(event) => set({ event })}
      />
    </div>
  );
}

/** When the flag or its targeting was changed in the time that is shown. */
function useChanges(
  { org, ...place }: UsageScope,
  { from, to }: Pick<FlagUsage, "from" | "to">,
): ChartMarker[] {
  const { data } = useInfiniteQuery(auditQuery(org, place));
  return useMemo(
    () =>
      itemsOf(data)
        .map(({ at }) => ({ at: new Date(at) }))
        .filter(({ at }) => at >= new Date(from) && at <= new Date(to)),
    [data, from, to],
  );
}

interface ToldProps {
  org: string;
  project: string;
  told: FlagUsage;
  flag: Flag;
  by: Grouping;
  label: string;
  environment: Environment;
}

function Told({ org, project, told, flag, by, label, environment }: ToldProps) {
  const [asTable, setAsTable] = useState(false);
  const buckets = useMemo(() => bucketsOf(told), [told]);
  const series = useMemo(
    () => told.series.map(({ key }, index) => shown(told.groupBy, key, index, flag)),
    [told, flag],
  );
  const markers = useChanges({ org, project, flag: flag.key, environment: environment.key }, told);
  const named = (bucket: Bucket) => nameOf(bucket, told.resolution);
  const title = `Evaluations in ${environment.name}, by ${by}`;
  return (
    <>
      <Panel aria-label={title} className="px-4 py-4">
        <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
          <div>
            <p className="text-2xl font-semibold tracking-tight tabular-nums">
              {told.evaluations.toLocaleString("en")}
            </p>
            <p className="text-sm text-muted">
              {told.evaluations === 1 ? "evaluation" : "evaluations"} in the last {label}
            </p>
          </div>
          <Button size="sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? "Show as chart" : "Show as table"}
          </Button>
        </div>
        {asTable ? (
          <UsageTable label={title} buckets={buckets} series={series} nameOf={named} />
        ) : (
          <UsageChart
            label={title}
            buckets={buckets}
            series={series}
            nameOf={named}
            markers={markers}
            daily={told.resolution === "day"}
          />
        )}
        <ul aria-label="Legend" className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted sm:pl-12">
          {series.map(({ key, name, color }) => (
            <li key={key} className="inline-flex items-center gap-1.5">
              <span aria-hidden className="size-2.5 shrink-0 rounded-[3px]" style={{ background: color }} />
              {name}
            </li>
          ))}
        </ul>
      </Panel>
      <div className="grid gap-3 md:grid-cols-3">
        <Breakdown
          title="Variations"
          items={told.variations.map(({ variation, evaluations }) => ({
            key: variation ?? "none",
            name: <VariationName variations={flag.variations} variation={variation} />,
            color: variationColor(flag.variations.findIndex((item) => item.key === variation)),
            evaluations,
          }))}
        />
        <Breakdown
          title="Reasons"
          items={told.reasons.map(({ reason, evaluations }) => ({
            key: reason,
            name: <span title={reason}>{reasonName(reason)}</span>,
            color: "var(--v1)",
            evaluations,
          }))}
        />
        <Breakdown
          title="Versions of the flag"
          items={told.versions.map(({ version, evaluations }) => ({
            key: String(version),
            name: versionName(version),
            color: "var(--v1)",
            evaluations,
          }))}
        />
      </div>
    </>
  );
}
