import { useMutation, useQuery } from "@tanstack/react-query";
import { Link2, ShieldAlert } from "lucide-react";
import { toast } from "sonner";
import { verifyAudit } from "@/api/audit";
import { reasonOf, sentence } from "@/api/problem";
import { auditChainQuery } from "@/api/queries";
import type { AuditVerification } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { useRefusal } from "@/domain/access/use-refusal";
import { messages } from "./messages";

/** Where the chain of hashes ends, and whether it is intact. Only for people who see all of it. */
export function ChainNote({ org }: { org: string }) {
  const refusal = useRefusal("audit.readAccess");
  const chain = useQuery({ ...auditChainQuery(org), enabled: !refusal });
  const verification = useMutation({
    mutationFn: () => verifyAudit(org),
    onError: (error) => toast.error(reasonOf(error)),
  });
  if (refusal || !chain.data || chain.data.head.sequence === 0) return null;
  const { sequence, hash } = chain.data.head;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
      <Link2 className="size-3.5" aria-hidden />
      <span title={messages.chain.help}>
        {messages.chain.newest({
          entry: sequence,
          hash: (
            <code key="hash" className="font-mono">
              {hash.slice(0, 12)}…
            </code>
          ),
        })}
      </span>
      <CopyButton text={hash} label={messages.chain.copy} />
      <Button size="sm" busy={verification.isPending} onClick={() => verification.mutate()}>
        {messages.chain.verify}
      </Button>
      <span role="status" className="contents">
        {verification.data && <Result verification={verification.data} />}
      </span>
    </div>
  );
}

function Result({ verification }: { verification: AuditVerification }) {
  const { isIntact, entries = 0, problem = "" } = verification;
  if (isIntact) return <Badge tone="good">{messages.chain.intact(entries)}</Badge>;
  return (
    <>
      <Badge tone="danger">
        <ShieldAlert aria-hidden /> {messages.chain.broken}
      </Badge>
      <span className="basis-full text-danger">{messages.chain.brokenHelp(sentence(problem))}</span>
    </>
  );
}
