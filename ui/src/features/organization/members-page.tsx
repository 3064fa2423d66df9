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
import { messages as shared } from "@/domain/messages";
import { page, paths } from "@/paths";
import { messages } from "./messages";

function memberColumns(): Column<Member>[] {
  return [
    {
      id: "name",
      header: messages.name,
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
      header: messages.role,
      width: 120,
      cell: ({ role }) => (
        <Badge tone={role === "owner" ? "brand" : "plain"}>
          {role ? shared.roles[role] : shared.withoutRole}
        </Badge>
      ),
    },
    {
      id: "joined",
      header: messages.members.joined,
      width: 130,
      cell: ({ joinedAt }) => <Time at={joinedAt} className="whitespace-nowrap text-xs text-faint" />,
    },
  ];
}

export function MembersPage() {
  const { org } = useParams({ from: page(paths.members) });
  const members = useSuspenseInfiniteQuery(membersQuery(org));
  const columns = useMemo(memberColumns, []);
  const rows = useMemo(() => itemsOf(members.data), [members.data]);
  return (
    <>
      <PageHeader title={messages.members.title} description={messages.members.description} />
      <DataTable
        fill
        label={messages.members.title}
        rows={rows}
        columns={columns}
        rowId={({ user }) => user.id}
        more={members}
      />
    </>
  );
}
