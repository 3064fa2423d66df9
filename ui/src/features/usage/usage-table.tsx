import { ScrollTable } from "@/components/ui/scroll-table";
import { number } from "@/lib/language/format";
import type { Bucket } from "./buckets";
import { messages } from "./messages";
import type { Shown } from "./usage-chart";

export interface UsageTableProps {
  label: string;
  buckets: readonly Bucket[];
  series: readonly Shown[];
  nameOf: (bucket: Bucket) => string;
}

/** What the chart shows as numbers, the newest first; times in which nothing was served are left out. */
export function UsageTable({ label, buckets, series, nameOf }: UsageTableProps) {
  const used = buckets.filter((bucket) => bucket.total > 0).reverse();
  return (
    <ScrollTable label={label} className="max-h-96">
      <thead className="sticky top-0 bg-sunken text-xs text-muted">
        <tr>
          <th scope="col" className="px-3 py-2 text-left font-medium">
            {messages.time}
          </th>
          {series.map(({ key, name }) => (
            <th key={key} scope="col" className="px-3 py-2 text-right font-medium">
              {name}
            </th>
          ))}
          <th scope="col" className="px-3 py-2 text-right font-medium">
            {messages.total}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y">
        {used.map((bucket) => (
          <tr key={bucket.from.getTime()}>
            <th scope="row" className="whitespace-nowrap px-3 py-1.5 text-left font-normal">
              {nameOf(bucket)}
            </th>
            {series.map(({ key }, index) => (
              <td key={key} className="px-3 py-1.5 text-right">
                {number(bucket.counts[index] ?? 0)}
              </td>
            ))}
            <td className="px-3 py-1.5 text-right font-medium">{number(bucket.total)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
