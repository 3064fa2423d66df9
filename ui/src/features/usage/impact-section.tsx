import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { customEventsQuery, impactQuery } from "@/api/queries";
import type { Flag } from "@/api/types";
import type { UsagePeriod, UsageScope } from "@/api/usage";
import { ErrorNote } from "@/components/error-note";
import { NativeSelect } from "@/components/ui/input";
import { Section } from "@/components/ui/panel";
import { ScrollTable } from "@/components/ui/scroll-table";
import { ListSkeleton } from "@/components/ui/skeleton";
import { VariationName } from "@/components/variation-name";
import { share } from "./buckets";

export interface ImpactSectionProps {
  scope: UsageScope;
  period: UsagePeriod;
  flag: Flag;
  /** The event that is looked at; the first one where none is chosen. */
  event: string | undefined;
  onChoose: (event: string) => void;
}

/** What people did who were served one variation or another. */
export function ImpactSection({ scope, period, flag, event, onChoose }: ImpactSectionProps) {
  const events = useQuery({ ...customEventsQuery(scope, period), enabled: flag.track });
  const names = events.data?.items.map((item) => item.event) ?? [];
  const chosen = event ?? names[0];
  return (
    <Section
      title="Impact"
      description="How many people triggered an event after first seeing each variation."
      actions={
        flag.track && names.length > 0 ? (
          <NativeSelect
            aria-label="What they did"
            value={chosen ?? ""}
            onChange={(change) => onChoose(change.target.value)}
          >
            {event !== undefined && !names.includes(event) && <option value={event}>{event}</option>}
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </NativeSelect>
        ) : null
      }
    >
      {!flag.track && (
        <p className="rounded-lg border bg-panel px-4 py-3 text-sm text-muted">
          Who was served what is kept of tracked flags alone. Edit the flag to have it tracked.
        </p>
      )}
      {flag.track && events.isLoadingError && (
        <ErrorNote error={events.error} retry={() => void events.refetch()} />
      )}
      {flag.track && events.isPending && <ListSkeleton rows={2} label="Loading the impact" />}
      {flag.track && events.isSuccess && chosen === undefined && (
        <p className="rounded-lg border bg-panel px-4 py-3 text-sm text-muted">
          No application has reported anything in this time. It would with{" "}
          <code>track("purchase", 12.5)</code>.
        </p>
      )}
      {flag.track && chosen !== undefined && (
        <ImpactTable scope={scope} period={period} flag={flag} event={chosen} />
      )}
    </Section>
  );
}

interface ImpactTableProps {
  scope: UsageScope;
  period: UsagePeriod;
  flag: Flag;
  event: string;
}

function ImpactTable({ scope, period, flag, event }: ImpactTableProps) {
  const impact = useQuery({ ...impactQuery(scope, period, event), placeholderData: keepPreviousData });
  if (impact.isPending) return <ListSkeleton rows={2} label="Loading the impact" />;
  if (impact.isLoadingError) return <ErrorNote error={impact.error} retry={() => void impact.refetch()} />;
  const { variations } = impact.data;
  if (variations.length === 0)
    return (
      <p className="rounded-lg border bg-panel px-4 py-3 text-sm text-muted">
        Nobody with a targeting key was served this flag for the first time in this time.
      </p>
    );
  return (
    <ScrollTable label={`Impact on ${event}`}>
      <thead className="bg-sunken text-xs text-muted">
        <tr>
          {["Variation", "Served to", "Did it", "Share", "How often", "Value in all"].map((head, index) => (
            <th
              key={head}
              scope="col"
              className={`whitespace-nowrap px-3 py-2 font-medium ${index === 0 ? "text-left" : "text-right"}`}
            >
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y">
        {variations.map(({ variation, exposed, converted, events, sum }) => (
          <tr key={variation}>
            <th scope="row" className="px-3 py-2 text-left font-normal">
              <VariationName variations={flag.variations} variation={variation} />
            </th>
            <td className="px-3 py-2 text-right">{exposed.toLocaleString("en")}</td>
            <td className="px-3 py-2 text-right">{converted.toLocaleString("en")}</td>
            <td className="px-3 py-2 text-right font-medium">{share(converted, exposed)}</td>
            <td className="px-3 py-2 text-right">{events.toLocaleString("en")}</td>
            <td className="px-3 py-2 text-right">{sum.toLocaleString("en", { maximumFractionDigits: 2 })}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
