import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AuditEntry } from "@/api/types";
import { CopyButton } from "@/components/ui/copy-button";
import { deviceName } from "@/domain/device/device-name";
import { number } from "@/lib/language/format";
import { fullTime } from "@/lib/time";
import { paths } from "@/paths";
import type { AuditSearch } from "./audit-search";
import { messages } from "./messages";

export interface EntryDetailsProps {
  org: string;
  entry: AuditEntry;
  search: AuditSearch;
}

/** From where a change came, and its place in the chain; folded until it is wanted. */
export function EntryDetails({ org, entry, search }: EntryDetailsProps) {
  const { actor, origin, sequence, hash } = entry;
  const { details } = messages;
  return (
    <details className="mt-0! text-xs open:rounded-md open:border">
      <summary className="w-fit py-1.5 text-faint select-none hover:text-ink in-open:px-3">
        {details.show}
      </summary>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 border-t px-3 py-2 text-muted [overflow-wrap:anywhere]">
        <Detail name={details.at}>{fullTime(entry.at)}</Detail>
        {!origin && actor.kind === "system" && <Detail name={details.from}>{details.hub}</Detail>}
        {origin?.address && <Detail name={details.address}>{origin.address}</Detail>}
        {origin?.userAgent && (
          <Detail name={details.agent}>
            <span title={origin.userAgent}>{deviceName(origin.userAgent)}</span>
          </Detail>
        )}
        {origin?.session && <Detail name={details.session}>{origin.session}</Detail>}
        {origin?.token && <Detail name={details.token}>{origin.token}</Detail>}
        {sequence !== undefined && <Detail name={details.entry}>{number(sequence)}</Detail>}
        {hash && (
          <Detail name={details.hash}>
            <span className="font-mono">{hash}</span>{" "}
            <CopyButton text={hash} label={details.copyHash} className="-my-1.5" />
          </Detail>
        )}
      </dl>
      {actor.id && actor.id !== search.actor && (
        <p className="px-3 pb-2">
          <Link
            to={paths.audit}
            params={{ org }}
            search={{ ...search, actor: actor.id }}
            className="text-brand hover:underline"
          >
            {details.onlyBy(actor.name)}
          </Link>
        </p>
      )}
    </details>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="text-ink">{children}</dd>
    </>
  );
}
