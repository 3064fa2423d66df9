import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { membersQuery } from "@/api/queries";
import { Avatar } from "@/components/avatar";
import { itemsOf } from "@/components/every-page";
import { MoreButton } from "@/components/more-button";
import { PageHeader } from "@/components/page-header";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Panel } from "@/components/ui/panel";
import { page, paths } from "@/paths";

export function MembersPage() {
  const { org } = useParams({ from: page(paths.members) });
  const members = useSuspenseInfiniteQuery(membersQuery(org));
  return (
    <>
      <PageHeader title="Members" description="Who can see and change what is here." />
      <Panel>
        <ul aria-label="Members" className="divide-y">
          {itemsOf(members.data).map(({ user, role, joinedAt }) => (
            <li key={user.id} className="flex items-center gap-3 px-4 py-3">
              <Avatar name={user.name} className="size-8 text-xs" />
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{user.name}</p>
                <p className="truncate text-xs text-muted">{user.email}</p>
              </div>
              <span className="hidden text-xs text-faint sm:block">
                joined <Time at={joinedAt} />
              </span>
              <Badge tone={role === "owner" ? "brand" : "plain"}>{role}</Badge>
            </li>
          ))}
        </ul>
      </Panel>
      <MoreButton query={members} />
    </>
  );
}
