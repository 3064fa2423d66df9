import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { removeSecondFactor, replaceRecoveryCodes } from "@/api/account";
import { keys, secondFactorQuery } from "@/api/queries";
import { ErrorNote } from "@/components/error-note";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { messages } from "./messages";
import { RecoveryCodes } from "./recovery-codes";
import { SetupDialog } from "./setup-dialog";
import { ShowFactorDialog } from "./show-factor-dialog";

export function SecondFactorSection() {
  const factor = useQuery(secondFactorQuery);
  const [open, setOpen] = useState<"setup" | "remove" | "codes">();
  const close = () => setOpen(undefined);
  const { enabledAt = null, recoveryCodes = 0 } = factor.data ?? {};
  return (
    <Section title={messages.factor.title}>
      <Panel className="p-5">
        {factor.isPending && <ListSkeleton rows={1} label={messages.factor.title} />}
        {factor.isLoadingError && <ErrorNote error={factor.error} retry={() => void factor.refetch()} />}
        {factor.data && (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-sm">
              {enabledAt
                ? messages.factor.on({ since: <Time key="since" at={enabledAt} />, left: recoveryCodes })
                : messages.factor.off}
            </p>
            {enabledAt ? (
              <span className="flex gap-2">
                <Button onClick={() => setOpen("codes")}>{messages.factor.newCodes}</Button>
                <Button onClick={() => setOpen("remove")}>{messages.factor.disable}</Button>
              </span>
            ) : (
              <Button look="primary" onClick={() => setOpen("setup")}>
                {messages.factor.enable}
              </Button>
            )}
          </div>
        )}
      </Panel>
      {open === "setup" && <SetupDialog onClose={close} />}
      {open === "remove" && <RemoveDialog onClose={close} />}
      {open === "codes" && <NewCodesDialog onClose={close} />}
    </Section>
  );
}

function RemoveDialog({ onClose }: { onClose: () => void }) {
  const remove = useMutation({
    mutationFn: removeSecondFactor,
    meta: { awaits: [keys.account, keys.session] },
    onSuccess: () => {
      toast.success(messages.factor.disabled);
      onClose();
    },
  });
  return (
    <ShowFactorDialog
      title={messages.factor.disableTitle}
      lead={messages.factor.disableLead}
      action={messages.factor.disable}
      busy={remove.isPending}
      error={remove.error}
      onSubmit={(values) => remove.mutate(values)}
      onClose={onClose}
    />
  );
}

function NewCodesDialog({ onClose }: { onClose: () => void }) {
  const replace = useMutation({
    mutationFn: replaceRecoveryCodes,
    meta: { invalidates: [keys.account] },
  });
  if (replace.data) return <RecoveryCodes codes={replace.data.codes} onClose={onClose} />;
  return (
    <ShowFactorDialog
      title={messages.factor.newCodes}
      lead={messages.factor.newCodesLead}
      action={messages.factor.newCodesSubmit}
      busy={replace.isPending}
      error={replace.error}
      onSubmit={(values) => replace.mutate(values)}
      onClose={onClose}
    />
  );
}
