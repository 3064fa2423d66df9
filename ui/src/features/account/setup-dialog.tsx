import { useMutation } from "@tanstack/react-query";
import { renderSVG } from "uqr";
import { z } from "zod";
import { beginSecondFactor, confirmSecondFactor } from "@/api/account";
import { keys } from "@/api/queries";
import type { SecondFactorSetup } from "@/api/types";
import { TextField } from "@/components/form/text-field";
import { useAppForm } from "@/components/form/use-app-form";
import { FormDialog } from "@/components/form-dialog";
import { CopyButton } from "@/components/ui/copy-button";
import { messages } from "./messages";
import { RecoveryCodes } from "./recovery-codes";

const BEGIN = z.object({ password: z.string().min(1, { error: () => messages.passwordMissing }) });

const CONFIRM = z.object({
  code: z
    .string()
    .trim()
    .min(1, { error: () => messages.codeMissing }),
});

/** Password, then the app's first code, then the recovery codes. */
export function SetupDialog({ onClose }: { onClose: () => void }) {
  const begin = useMutation({ mutationFn: beginSecondFactor });
  const form = useAppForm(BEGIN, { password: "" }, begin.error);
  if (begin.data) return <ConfirmDialog setup={begin.data} onClose={onClose} />;
  return (
    <FormDialog
      form={form}
      title={messages.factor.setupTitle}
      description={messages.factor.setupLead}
      className="max-w-md"
      action={messages.factor.next}
      busy={begin.isPending}
      error={begin.error}
      changed={false}
      onSubmit={({ password }) => begin.mutate(password)}
      onClose={onClose}
    >
      <TextField
        control={form.control}
        name="password"
        label={messages.password}
        help={messages.passwordHelp}
        type="password"
        autoComplete="current-password"
        autoFocus
      />
    </FormDialog>
  );
}

function ConfirmDialog({ setup, onClose }: { setup: SecondFactorSetup; onClose: () => void }) {
  const confirm = useMutation({
    mutationFn: confirmSecondFactor,
    meta: { invalidates: [keys.account, keys.session] },
  });
  const form = useAppForm(CONFIRM, { code: "" }, confirm.error);
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} onClose={onClose} />;
  const image = `data:image/svg+xml,${encodeURIComponent(renderSVG(setup.uri))}`;
  return (
    <FormDialog
      form={form}
      title={messages.factor.setupTitle}
      description={messages.factor.scan}
      className="max-w-md"
      action={messages.factor.confirm}
      busy={confirm.isPending}
      error={confirm.error}
      changed={false}
      onSubmit={({ code }) => confirm.mutate(code)}
      onClose={onClose}
    >
      <img src={image} alt={messages.factor.qr} className="mx-auto size-48 rounded-md border bg-white p-2" />
      <div>
        <p className="mb-1 text-xs text-muted">{messages.factor.secret}</p>
        <div className="flex items-center gap-1 rounded-md border bg-sunken py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 font-mono text-xs break-all">{setup.secret}</code>
          <CopyButton text={setup.secret} label={messages.factor.secret} />
        </div>
      </div>
      <TextField
        control={form.control}
        name="code"
        label={messages.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={64}
        className="font-mono"
        autoFocus
      />
    </FormDialog>
  );
}
