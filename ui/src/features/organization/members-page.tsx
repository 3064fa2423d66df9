import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { membersQuery } from "@/api/queries";
import type { Member } from "@/api/types";
import { Avatar } from "@/components/avatar";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { page, paths } from "@/paths";

const COLUMNS: Column<Member>[] = [
  {
    id: "name",
    header: "Name",
    width: 280,
    phoneWidth: 220,
    pinned: true,
    cell: ({ user }) => (
      <span className="flex items-center gap-2.5">
        <Avatar name={user.name} />
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{user.name}</span>
          <span className="text-muted [overflow-wrap:anywhere]">{user.email}</span>
        </span>
      </span>
    ),
  },
  {
    id: "role",
    header: "Role",
    width: 120,
    cell: ({ role }) => <Badge tone={role === "owner" ? "brand" : "plain"}>{role}</Badge>,
  },
  {
    id: "joined",
    header: "Joined",
    width: 130,
    cell: ({ joinedAt }) => <Time at={joinedAt} className="whitespace-nowrap text-xs text-faint" />,
  },
];

export function MembersPage() {
  const { org } = useParams({ from: page(paths.members) });
  const members = useSuspenseInfiniteQuery(membersQuery(org));
  const rows = useMemo(() => itemsOf(members.data), [members.data]);
  return (
    <>
      <PageHeader
        title="Members"
        description="People who can sign in to this organization, and what they can do."
      />
      <DataTable
        fill
        label="Members"
        rows={rows}
        columns={COLUMNS}
        rowId={({ user }) => user.id}
        more={members}
      />
    </>
  );
}
