import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { membersQuery, sessionQuery } from "@/api/queries";
import { itemsOf, useEveryPage } from "@/components/every-page";

/** The name of the member who is asked about; nothing for oneself. */
export function usePerson(org: string, member: string | undefined): string | undefined {
  const session = useQuery(sessionQuery);
  const other = member !== undefined && member !== session.data?.user.id;
  const members = useInfiniteQuery({ ...membersQuery(org), enabled: other });
  useEveryPage(members);
  if (!other) return undefined;
  return itemsOf(members.data).find(({ user }) => user.id === member)?.user.name ?? member;
}
