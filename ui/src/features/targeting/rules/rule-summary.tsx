import { ArrowRight } from "lucide-react";
import type { Rule, Serve } from "@/api/types";
import { VariationName } from "@/components/variation-name";
import { useEditor } from "@/domain/conditions/editor-context";
import { shownPercent, WHOLE } from "@/domain/targeting/weights";
import { conditionWords, namesOf, serveWords } from "@/domain/targeting/wording";
import { variationColor } from "@/lib/variation-color";
import { messages } from "../messages";

/** A rule in one line: who it is for, and what they get. */
export function RuleSummary({ rule }: { rule: Rule }) {
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-0.5 text-sm sm:flex-nowrap">
      <span className="min-w-0 truncate">{conditionWords(rule.when)}</span>
      <ArrowRight className="size-3.5 shrink-0 text-faint" aria-label={messages.rules.serves} />
      <ServeSummary serve={rule.serve} />
      <span className="ml-auto hidden shrink-0 pl-2 font-mono text-xs text-faint xl:inline">{rule.id}</span>
    </span>
  );
}

function ServeSummary({ serve }: { serve: Serve }) {
  const { variations } = useEditor();
  if ("variation" in serve) {
    return (
      <VariationName variations={variations} variation={serve.variation} className="shrink-0 font-medium" />
    );
  }
  const shares = serve.split.weights.filter(([, weight]) => weight > 0);
  const indexOf = (key: string) => variations.findIndex((variation) => variation.key === key);
  return (
    <span className="flex shrink-0 items-center gap-2" title={serveWords(serve, namesOf(variations))}>
      <span aria-hidden className="flex h-2.5 w-20 gap-px overflow-hidden rounded-[3px] bg-raised">
        {shares.map(([key, weight]) => (
          <span
            key={key}
            style={{ width: `${(weight / WHOLE) * 100}%`, background: variationColor(indexOf(key)) }}
          />
        ))}
      </span>
      <span className="font-medium tabular-nums">
        {shares.map(([, weight]) => shownPercent(weight)).join(" / ")}
      </span>
    </span>
  );
}
