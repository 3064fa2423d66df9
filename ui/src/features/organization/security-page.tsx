import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { toast } from "sonner";
import { updateSecurity } from "@/api/organizations";
import { reasonOf } from "@/api/problem";
import { auditChainQuery, auditQuery, keys, secondFactorQuery, sessionQuery } from "@/api/queries";
import type { AuditEntry } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { ReasonText } from "@/components/ui/reason";
import { ListSkeleton } from "@/components/ui/skeleton";
import { Switch } from "@/components/ui/switch";
import { useRefusal } from "@/domain/access/use-refusal";
import { deviceName } from "@/domain/device/device-name";
import { page, paths } from "@/paths";
import { messages } from "./messages";

/** Setting of the hub that says how long entries are kept. */
const RETENTION_SETTING = "audit.retention";

const FAILED = "member.signInFailed";
const SHOWN = 5;

/** How people sign in, failures included, and how long the audit log is kept. */
export function SecurityPage() {
  const { org } = useParams({ from: page(paths.security) });
  return (
    <div className="max-w-2xl space-y-8">
      <PageHeader title={messages.security.title} description={messages.security.description} />
      <SignInSection org={org} />
      <FailuresSection org={org} />
      <RetentionSection org={org} />
    </div>
  );
}

function SignInSection({ org }: { org: string }) {
  const refusal = useRefusal("organization.security");
  const { data: session } = useQuery(sessionQuery);
  const required = session?.organizations.find((item) => item.key === org)?.requiresSecondFactor ?? false;
  const factor = useQuery(secondFactorQuery);
  // An owner without one would be kept out themselves.
  const lacksFactor = !required && factor.data && !factor.data.enabledAt;
  const update = useMutation({
    mutationFn: (isRequired: boolean) => updateSecurity(org, isRequired),
    meta: { awaits: [keys.session], invalidates: [keys.audit(org)] },
    onSuccess: (_, isRequired) => {
      toast.success(isRequired ? messages.security.factorRequired : messages.security.factorNotRequired);
    },
    onError: (error) => toast.error(reasonOf(error)),
  });
  return (
    <Section title={messages.security.signIn}>
      <Panel className="flex items-start justify-between gap-4 p-5">
        <div>
          <p className="text-sm font-medium">{messages.security.requireFactor}</p>
          <p className="text-sm text-muted">{messages.security.requireFactorHelp}</p>
        </div>
        <Switch
          aria-label={messages.security.requireFactor}
          checked={required}
          pending={update.isPending}
          disabledReason={refusal || (lacksFactor ? messages.security.factorFirst : undefined)}
          onCheckedChange={(next) => update.mutate(next)}
        />
      </Panel>
    </Section>
  );
}

function FailuresSection({ org }: { org: string }) {
  const refusal = useRefusal("audit.readAccess");
  const failures = useInfiniteQuery({ ...auditQuery(org, { action: FAILED }), enabled: !refusal });
  const entries = itemsOf(failures.data).slice(0, SHOWN);
  return (
    <Section
      title={messages.security.failures}
      description={refusal ? <ReasonText reason={refusal} /> : messages.security.failuresHelp}
      actions={
        entries.length > 0 && (
          <Button asChild size="sm">
            <Link to={paths.audit} params={{ org }} search={{ action: FAILED }}>
              {messages.security.allFailures}
            </Link>
          </Button>
        )
      }
    >
      {failures.isLoading && <ListSkeleton rows={2} label={messages.security.loadingFailures} />}
      {failures.isLoadingError && <ErrorNote error={failures.error} retry={() => void failures.refetch()} />}
      {failures.isSuccess && (
        <Panel>
          {entries.length === 0 ? (
            <p className="px-4 py-3 text-sm text-muted">{messages.security.noFailures}</p>
          ) : (
            <ul aria-label={messages.security.failures} className="divide-y">
              {entries.map((entry) => (
                <Failure key={entry.id} entry={entry} />
              ))}
            </ul>
          )}
        </Panel>
      )}
    </Section>
  );
}

function Failure({ entry }: { entry: AuditEntry }) {
  const { subject, origin, at } = entry;
  const device = deviceName(origin?.userAgent);
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 px-4 py-2.5 text-sm">
      <span className="font-medium [overflow-wrap:anywhere]">{subject.key}</span>
      <span className="text-xs text-muted">
        {[origin?.address ?? messages.security.unknownPlace, device].filter(Boolean).join(" · ")}
      </span>
      <Time at={at} className="ml-auto text-xs text-faint" />
    </li>
  );
}

function RetentionSection({ org }: { org: string }) {
  const refusal = useRefusal("audit.readAccess");
  const chain = useQuery({ ...auditChainQuery(org), enabled: !refusal });
  const days = chain.data?.retentionDays ?? null;
  return (
    <Section
      title={messages.security.audit}
      description={refusal ? <ReasonText reason={refusal} /> : undefined}
    >
      {chain.isLoading && <ListSkeleton rows={1} label={messages.security.loadingRetention} />}
      {chain.isLoadingError && <ErrorNote error={chain.error} retry={() => void chain.refetch()} />}
      {chain.data && (
        <Panel className="p-5">
          <p className="text-sm font-medium">
            {days === null ? messages.security.keptForever : messages.security.keptFor(days)}
          </p>
          <p className="text-sm text-muted">
            {messages.security.keptHelp(
              <code key="setting" className="font-mono text-xs">
                {RETENTION_SETTING}
              </code>,
            )}
          </p>
        </Panel>
      )}
    </Section>
  );
}
