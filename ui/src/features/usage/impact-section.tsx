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
import { number } from "@/lib/language/format";
import { share } from "./buckets";
import { messages } from "./messages";

/** How an application reports an event. */
const EXAMPLE = 'track("purchase", 12.5)';

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
      title={messages.impact.title}
      description={messages.impact.description}
      actions={
        flag.track && names.length > 0 ? (
          <NativeSelect
            aria-label={messages.impact.event}
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
        <p className="rounded-lg border bg-panel px-4 py-3 text-sm text-muted">{messages.impact.untracked}</p>
      )}
      {flag.track && events.isLoadingError && (
        <ErrorNote error={events.error} retry={() => void events.refetch()} />
      )}
      {flag.track && events.isPending && <ListSkeleton rows={2} label={messages.impact.loading} />}
      {flag.track && events.isSuccess && chosen === undefined && (
        <p className="rounded-lg border bg-panel px-4 py-3 text-sm text-muted">
          {messages.impact.noEvents(<code>{EXAMPLE}</code>)}
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
  if (impact.isPending) return <ListSkeleton rows={2} label={messages.impact.loading} />;
  if (impact.isLoadingError) return <ErrorNote error={impact.error} retry={() => void impact.refetch()} />;
  const { variations } = impact.data;
  if (variations.length === 0)
    return (
      <p className="rounded-lg border bg-panel px-4 py-3 text-sm text-muted">{messages.impact.noExposures}</p>
    );
  const { impact: text } = messages;
  const heads = [text.variation, text.exposed, text.converted, text.rate, text.events, text.value];
  return (
    <ScrollTable label={messages.impact.table(event)}>
      <thead className="bg-sunken text-xs text-muted">
        <tr>
          {heads.map((head, index) => (
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
            <td className="px-3 py-2 text-right">{number(exposed)}</td>
            <td className="px-3 py-2 text-right">{number(converted)}</td>
            <td className="px-3 py-2 text-right font-medium">{share(converted, exposed)}</td>
            <td className="px-3 py-2 text-right">{number(events)}</td>
            <td className="px-3 py-2 text-right">{number(sum, 2)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
