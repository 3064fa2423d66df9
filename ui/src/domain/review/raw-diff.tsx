import { ScrollText } from "@/components/ui/scroll-text";
import { cn } from "@/lib/cn";
import { lineDiff, withContext } from "@/lib/line-diff";
import { prettyJson } from "@/lib/pretty-json";
import { messages } from "./messages";

const LOOKS = {
  same: { mark: " ", tone: "text-muted" },
  added: { mark: "+", tone: "bg-good-soft text-good" },
  removed: { mark: "−", tone: "bg-danger-soft text-danger" },
} as const;

function pretty(value: unknown): string {
  return value === undefined || value === null ? "" : prettyJson(value);
}

/** Two states as JSON, line by line; folded until it is wanted. */
export function RawDiff({ before, after }: { before: unknown; after: unknown }) {
  return (
    <details className="open:rounded-md open:border">
      <summary className="w-fit py-1.5 text-xs text-faint select-none hover:text-ink in-open:px-3">
        {messages.json}
      </summary>
      <ScrollText label={messages.jsonLabel} className="max-h-80 border-t bg-sunken py-1">
        {withContext(lineDiff(pretty(before), pretty(after))).map((line, index) =>
          line.kind === "gap" ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
            <div key={index} className="px-3 text-faint">
              ⋯ {messages.unchangedLines(line.count)}
            </div>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
            <div key={index} className={cn("px-3", LOOKS[line.kind].tone)}>
              <span aria-hidden>{LOOKS[line.kind].mark} </span>
              {line.text}
            </div>
          ),
        )}
      </ScrollText>
    </details>
  );
}
