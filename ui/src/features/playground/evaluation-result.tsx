import type { Detail, Flag } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ScrollText } from "@/components/ui/scroll-text";
import { VariationName } from "@/components/variation-name";
import { prettyJson } from "@/lib/pretty-json";
import { messages } from "./messages";
import { reasonWords } from "./trace";
import { TraceView } from "./trace-view";
import type { Outcome } from "./use-evaluation";

/** What came of an evaluation, and every step that led there. With a draft it is the draft's, beside what is served now. */
export function EvaluationResult({ outcome: { saved, draft }, flag }: { outcome: Outcome; flag: Flag }) {
  const detail = draft ?? saved;
  if (!detail) return null;
  const steps = detail.trace?.steps ?? [];
  return (
    <div className="space-y-4">
      {draft && <Badge tone="boo">{messages.draft.badge}</Badge>}
      <Served detail={detail} flag={flag} prominent />
      {draft && saved && (
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 rounded-md bg-sunken px-3 py-2">
          <span className="text-xs text-muted">{messages.draft.now}</span>
          <Served detail={saved} flag={flag} />
        </div>
      )}
      <ScrollText label={messages.value} className="max-h-40 rounded-md bg-sunken px-3 py-2">
        {prettyJson(detail.value)}
      </ScrollText>
      {steps.length > 0 && (
        <div>
          <h3 className="mb-2 text-sm font-semibold">{messages.steps}</h3>
          <TraceView steps={steps} />
          {detail.trace?.truncated && <p className="mt-2 text-xs text-muted">{messages.truncated}</p>}
        </div>
      )}
    </div>
  );
}

interface ServedProps {
  detail: Detail;
  flag: Flag;
  prominent?: boolean;
}

/** Which variation it is, and why. */
function Served({ detail, flag, prominent = false }: ServedProps) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      <VariationName
        variations={flag.variations}
        variation={detail.variation ?? null}
        className={prominent ? "text-lg font-semibold tracking-tight" : "text-sm font-medium"}
      />
      {prominent && <Badge tone={detail.reason === "ERROR" ? "danger" : "brand"}>{detail.reason}</Badge>}
      <span className="text-sm text-muted">{messages.because(reasonWords(detail))}</span>
    </div>
  );
}
