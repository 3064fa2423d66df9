import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import type { Reason } from "@/components/ui/reason";
import { isRefused, ReasonText } from "@/components/ui/reason";
import { ListSkeleton } from "@/components/ui/skeleton";
import { messages } from "./messages";

/** Stands for a page that the person may not see: says what they need and who can give it. */
export function HiddenPage({ title, reason }: { title: string; reason: Reason }) {
  return (
    <>
      <PageHeader title={title} />
      {isRefused(reason) ? (
        <Empty title={messages.hidden} action={<Button onClick={reason.explain}>{messages.explain}</Button>}>
          <ReasonText reason={reason} />
        </Empty>
      ) : (
        <ListSkeleton rows={3} label={messages.loading} />
      )}
    </>
  );
}
