import { useQuery } from "@tanstack/react-query";
import { Check, CircleCheck, CircleMinus, CornerDownRight, X } from "lucide-react";
import type { PermissionQuestion } from "@/api/access";
import { explanationQuery } from "@/api/access-queries";
import type { Explanation, Project } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { Panel } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { messages as access } from "@/domain/access/messages";
import { PlaceName, placeText } from "@/domain/access/place-name";
import { RoleIcon, roleName } from "@/domain/access/role-name";
import { useProjects } from "@/domain/access/use-projects";
import { cn } from "@/lib/cn";
import { messages } from "./messages";
import { usePerson } from "./use-person";

type Judged = Explanation["grants"][number];

/** The answer as a sentence, then every grant with what it contributes, then what can be done about it. */
export function WhyAnswer({ question }: { question: PermissionQuestion }) {
  const explanation = useQuery(explanationQuery(question));
  const projects = useProjects(question.org);
  const person = usePerson(question.org, question.member);
  if (explanation.isError) {
    return (
      <div className="mt-5">
        <ErrorNote error={explanation.error} retry={() => void explanation.refetch()} />
      </div>
    );
  }
  if (!explanation.data) return <ListSkeleton rows={3} label={messages.loading} />;
  const { allowed, givers } = explanation.data;
  const grants = [...explanation.data.grants].sort((a, b) => rank(a) - rank(b));
  const allowing = grants.filter(({ judgement }) => judgement === "allows");
  return (
    <div className="mt-5 space-y-5">
      <div className="flex items-start gap-3">
        <span
          className={cn(
            "grid size-9 shrink-0 place-items-center rounded-full",
            allowed ? "bg-good-soft text-good" : "bg-danger-soft text-danger",
          )}
        >
          {allowed ? <Check className="size-5" aria-hidden /> : <X className="size-5" aria-hidden />}
        </span>
        <div role="status">
          <p className="text-base font-semibold tracking-tight text-pretty">
            {answer(explanation.data, allowing[0], person, projects)}
          </p>
          <p className="mt-0.5 text-xs text-muted">
            {grants.length > 0
              ? messages.allowing({ allowing: allowing.length, all: grants.length })
              : messages.noGrants}
          </p>
        </div>
      </div>
      {grants.length > 0 && (
        <Panel>
          <h3 className="px-3.5 py-2.5 text-sm font-semibold">{messages.grants}</h3>
          <ul>
            {grants.map((judged) => (
              <JudgedGrant key={judged.grant.id} judged={judged} projects={projects} />
            ))}
          </ul>
        </Panel>
      )}
      {!allowed && (
        <section>
          <h3 className="text-sm font-semibold">{messages.whoCanGive}</h3>
          <p className="mt-0.5 text-sm text-muted">
            {givers.length > 0 ? messages.givers(givers.map(({ name }) => name)) : messages.nobody}
          </p>
        </section>
      )}
      {allowed && person && <TakeAway allowing={allowing} person={person} projects={projects} />}
    </div>
  );
}

function answer(
  { allowed, permission, scope }: Explanation,
  first: Judged | undefined,
  person: string | undefined,
  projects: readonly Project[],
): string {
  const who = person ?? "";
  if (!allowed || !first) {
    const lacking = { who, what: access.permissions[permission.key], where: placeText(scope, projects) };
    return person ? messages.no(lacking) : messages.youNo(lacking);
  }
  const { holder, role } = first.grant;
  const where = placeText(first.grant.scope, projects);
  const own = { who, role: roleName(role), where };
  if (holder.kind !== "team") return person ? messages.yes.own(own) : messages.yes.youOwn(own);
  const team = { ...own, team: holder.name };
  return person ? messages.yes.team(team) : messages.yes.youTeam(team);
}

const ORDER: readonly Judged["judgement"][] = ["allows", "otherScope", "lacksPermission", "neither"];

/** What decides comes first, and of each kind the narrowest. */
function rank({ grant, judgement }: Judged): number {
  const width = grant.scope.environment ? 0 : grant.scope.project ? 1 : 2;
  return ORDER.indexOf(judgement) * 3 + width;
}

function JudgedGrant({ judged, projects }: { judged: Judged; projects: readonly Project[] }) {
  const { grant, judgement } = judged;
  const allows = judgement === "allows";
  return (
    <li className="flex items-start gap-2.5 border-t px-3.5 py-2.5 text-sm">
      {allows ? (
        <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
      ) : (
        <CircleMinus className="mt-0.5 size-4 shrink-0 text-faint" aria-hidden />
      )}
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-1.5 [&_svg]:size-3.5">
          <RoleIcon id={grant.role.id} />
          <span className="font-medium">{roleName(grant.role)}</span>
          <span className="text-muted">{messages.on}</span>
          <PlaceName place={grant.scope} projects={projects} />
        </p>
        <p className="text-xs text-muted">
          {grant.holder.kind === "team" ? messages.throughTeam(grant.holder.name) : messages.ownGrant}
        </p>
        <p className={cn("text-xs", allows ? "font-medium text-good" : "text-muted")}>
          {messages.judgements[judgement]}
        </p>
      </div>
    </li>
  );
}

interface TakeAwayProps {
  allowing: readonly Judged[];
  person: string;
  projects: readonly Project[];
}

/** Each way to take the permission away, and whom else it affects. */
function TakeAway({ allowing, person, projects }: TakeAwayProps) {
  const ways = allowing.flatMap(({ grant }) => {
    const of = { who: person, role: roleName(grant.role), where: placeText(grant.scope, projects) };
    if (grant.holder.kind !== "team") return [messages.takeOwn(of)];
    const team = { ...of, team: grant.holder.name };
    return [messages.takeTeam(team), messages.takeFromTeam(team)];
  });
  return (
    <section>
      <h3 className="text-sm font-semibold">{messages.takeAway}</h3>
      {allowing.length > 1 && <p className="text-sm text-muted">{messages.takeAll}</p>}
      <ul className="mt-1 space-y-1 text-sm text-muted">
        {[...new Set(ways)].map((way) => (
          <li key={way} className="flex items-start gap-1.5">
            <CornerDownRight className="mt-0.5 size-3.5 shrink-0 text-faint" aria-hidden />
            {way}
          </li>
        ))}
      </ul>
    </section>
  );
}
