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
import { messages as shared } from "@/domain/messages";
import type { RangeName } from "@/domain/usage-ranges";
import { RANGE_NAMES, RANGES } from "@/domain/usage-ranges";
import { number } from "@/lib/language/format";
import { variationColor } from "@/lib/variation-color";
import { page, paths } from "@/paths";
import { Breakdown } from "./breakdown";
import type { Bucket } from "./buckets";
import { bucketsOf, nameOf } from "./buckets";
import { ImpactSection } from "./impact-section";
import { messages } from "./messages";
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
  const period = RANGES[range];
  const label = shared.ranges[range];
  const scope = { org, project, flag: flag.key, environment: environment.key };
  const usage = useQuery({ ...flagUsageQuery(scope, period, by), placeholderData: keepPreviousData });
  if (usage.isPending) return <ListSkeleton rows={4} label={messages.loading} />;
  if (usage.isLoadingError) return <ErrorNote error={usage.error} retry={() => void usage.refetch()} />;
  const told = usage.data;
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center gap-2">
        <NativeSelect
          aria-label={messages.range}
          value={range}
          onChange={(event) => set({ range: event.target.value as RangeName })}
        >
          {RANGE_NAMES.map((name) => (
            <option key={name} value={name}>
              {messages.last(shared.ranges[name])}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          aria-label={messages.groupBy}
          value={by}
          onChange={(event) => set({ by: event.target.value as Grouping })}
        >
          {GROUPINGS.map((grouping) => (
            <option key={grouping} value={grouping}>
              {messages.by[grouping]}
            </option>
          ))}
        </NativeSelect>
        <p className="ml-auto text-sm text-muted">
          {told.lastEvaluatedAt
            ? messages.lastEvaluated(<Time at={told.lastEvaluatedAt} className="text-ink" />)
            : messages.neverEvaluated}
        </p>
      </div>
      {told.evaluations === 0 ? (
        <Empty
          title={messages.none(label)}
          action={
            <Button asChild>
              <Link to={paths.connect} params={{ org, project, environment: environment.key }}>
                {messages.connect}
              </Link>
            </Button>
          }
        >
          {messages.noneHelp(environment.name)}
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
  const title = messages.chart[by](environment.name);
  return (
    <>
      <Panel aria-label={title} className="px-4 py-4">
        <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
          <div>
            <p className="text-2xl font-semibold tracking-tight tabular-nums">{number(told.evaluations)}</p>
            <p className="text-sm text-muted">
              {messages.evaluationsIn({ count: told.evaluations, range: label })}
            </p>
          </div>
          <Button size="sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? messages.asChart : messages.asTable}
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
        <ul
          aria-label={messages.legend}
          className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted sm:pl-12"
        >
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
          title={messages.variations}
          items={told.variations.map(({ variation, evaluations }) => ({
            key: variation ?? "none",
            name: <VariationName variations={flag.variations} variation={variation} />,
            color: variationColor(flag.variations.findIndex((item) => item.key === variation)),
            evaluations,
          }))}
        />
        <Breakdown
          title={messages.reasonsTitle}
          items={told.reasons.map(({ reason, evaluations }) => ({
            key: reason,
            name: <span title={reason}>{reasonName(reason)}</span>,
            color: "var(--v1)",
            evaluations,
          }))}
        />
        <Breakdown
          title={messages.versions}
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
