import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { grantsQuery, rolesQuery, serviceAccountsQuery, teamsQuery } from "@/api/access-queries";
import { membersQuery } from "@/api/queries";
import type { CustomRole, Grant, Member, ServiceAccount, Team } from "@/api/types";
import { itemsOf, useEveryPage } from "@/components/every-page";

// Whole lists: what one chooses from, counts, or looks something up in.

/** A list that is read to its end. */
export interface WholeList<Item> {
  items: readonly Item[];
  isPending: boolean;
  /** Why it could not be read. */
  error: unknown;
  retry: () => void;
}

interface Pages<Item> {
  data: { pages: { items: Item[] }[] } | undefined;
  isPending: boolean;
  isLoadingError: boolean;
  error: unknown;
  refetch: () => Promise<unknown>;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

function useWhole<Item>(query: Pages<Item>): WholeList<Item> {
  useEveryPage(query);
  const { data, isPending, isLoadingError, error, refetch } = query;
  const items = useMemo(() => itemsOf(data), [data]);
  return { items, isPending, error: isLoadingError ? error : null, retry: () => void refetch() };
}

export const useTeams = (org: string): WholeList<Team> => useWhole(useInfiniteQuery(teamsQuery(org)));
export const useRoles = (org: string): WholeList<CustomRole> => useWhole(useInfiniteQuery(rolesQuery(org)));
export const useGrants = (org: string): WholeList<Grant> => useWhole(useInfiniteQuery(grantsQuery(org)));
export const useMembers = (org: string): WholeList<Member> => useWhole(useInfiniteQuery(membersQuery(org)));
export const useServiceAccounts = (org: string): WholeList<ServiceAccount> =>
  useWhole(useInfiniteQuery(serviceAccountsQuery(org)));
