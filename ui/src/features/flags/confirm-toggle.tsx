import { useQuery } from "@tanstack/react-query";
import { targetingQuery } from "@/api/queries";
import type { Environment, Flag } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { Skeleton } from "@/components/ui/skeleton";
import type { Outcome } from "@/domain/targeting/wording";
import { namesOf, outcomes } from "@/domain/targeting/wording";
import { messages } from "./messages";

export interface ConfirmToggleProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
  enable: boolean;
  /** Somebody else has done the same while the question stood. */
  overtaken: boolean;
  onCancel: () => void;
  onConfirm: (comment: string) => void;
}

/** Shows who gets what now and who would, before a switch is moved where it matters. */
export function ConfirmToggle(props: ConfirmToggleProps) {
  const { org, project, flag, environment, enable, overtaken, onCancel, onConfirm } = props;
  const scope = { org, project, flag: flag.key, environment: environment.key };
  const { data } = useQuery(targetingQuery(scope));
  const names = namesOf(flag.variations);
  const text = messages.toggle;
  const place = { flag: flag.name || flag.key, environment: environment.name };
  const done = overtaken && (enable ? text.alreadyOn : text.alreadyOff);
  return (
    <Confirm
      title={enable ? text.titleOn(place) : text.titleOff(place)}
      description={text.help}
      action={enable ? text.turnOn : text.turnOff}
      danger={!enable}
      comments
      blocked={done}
      onConfirm={onConfirm}
      onClose={onCancel}
    >
      {data ? (
        <div className="divide-y rounded-md border">
          <Outcomes title={text.now} list={outcomes({ ...data, enabled: !enable }, names)} quiet />
          <Outcomes title={text.after} list={outcomes({ ...data, enabled: enable }, names)} />
        </div>
      ) : (
        <Skeleton className="h-24" />
      )}
    </Confirm>
  );
}

const SHOWN = 5;

function Outcomes({ title, list, quiet = false }: { title: string; list: Outcome[]; quiet?: boolean }) {
  return (
    <div className="flex gap-3 px-3 py-2">
      <p className="w-10 shrink-0 text-xs leading-5 text-faint">{title}</p>
      <ul className={quiet ? "min-w-0 flex-1 text-muted" : "min-w-0 flex-1"}>
        {list.slice(0, SHOWN).map(({ who, gets }) => (
          <li key={`${who} ${gets}`} className="flex gap-2">
            <span className="min-w-0 flex-1 truncate" title={who}>
              {who}
            </span>
            <span className="max-w-1/2 truncate font-medium" title={gets}>
              {gets}
            </span>
          </li>
        ))}
        {list.length > SHOWN && (
          <li className="text-xs text-muted">{messages.toggle.more(list.length - SHOWN)}</li>
        )}
      </ul>
    </div>
  );
}
