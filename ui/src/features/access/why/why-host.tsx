import { useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { PartBoundary } from "@/components/part-boundary";
import { askWhy, useQuestion } from "@/domain/access/question";
import { lazyPart } from "@/lib/lazy-part";

const WhyPanel = lazyPart(() => import("./why-panel"), "WhyPanel");

/** Shows the panel that explains a permission when something on the page asks for it. */
export function WhyHost() {
  const question = useQuestion();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving somewhere puts the panel away
  useEffect(() => askWhy(null), [path]);
  if (!question) return null;
  return (
    <PartBoundary onMissing={() => askWhy(null)}>
      <Suspense>
        <WhyPanel question={question} onClose={() => askWhy(null)} />
      </Suspense>
    </PartBoundary>
  );
}
