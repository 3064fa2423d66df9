import type { LinkProps } from "@tanstack/react-router";
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useState } from "react";
import { ErrorNote } from "@/components/error-note";
import { PageHeader } from "@/components/page-header";
import { Input } from "@/components/ui/input";
import { ListSkeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import type { WholeList } from "../lists";
import { messages } from "./messages";

export interface DirectoryItem {
  id: string;
  name: string;
  icon: ReactNode;
  /** A line below the name. */
  note?: ReactNode;
  /** How many belong to it, with the words for screen readers. */
  count?: { value: number; words: string } | undefined;
  link: Pick<LinkProps, "to" | "params">;
}

export interface DirectoryGroup {
  /** Its heading, where there are several. */
  title?: string;
  items: readonly DirectoryItem[];
}

export interface DirectoryProps {
  title: string;
  description: string;
  /** The button that creates one. */
  create: ReactNode;
  /** Leads from one of them back to all, on phones. */
  all: { label: string; link: Pick<LinkProps, "to" | "params"> };
  list: Pick<WholeList<unknown>, "isPending" | "error" | "retry">;
  groups: readonly DirectoryGroup[];
  /** Stands for the list while there is nothing in it. */
  empty?: ReactNode;
  /** Names the field that narrows a long list by name. */
  search: string;
  /** The id of the one that is shown. */
  selected?: string | undefined;
  /** The details of the one that is selected. */
  children?: ReactNode;
}

/** Lists with more items than this can be searched. */
const SEARCHED_FROM = 8;

/** A list, and beside it the details of the one that is selected; on phones one or the other. */
export function Directory(props: DirectoryProps) {
  const { title, description, create, all, list, empty, search, selected, children } = props;
  const [sought, setSought] = useState("");
  const count = props.groups.reduce((sum, { items }) => sum + items.length, 0);
  const groups = props.groups.map((group) => ({ ...group, items: found(group.items, sought) }));
  const content = (
    <>
      {list.isPending && <ListSkeleton rows={4} label={messages.loading} />}
      {list.error != null && <ErrorNote error={list.error} retry={list.retry} />}
      {!list.isPending && list.error == null && count === 0 && empty}
      {count > SEARCHED_FROM && (
        <Input
          type="search"
          aria-label={search}
          placeholder={search}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      )}
      {count > 0 && groups.every(({ items }) => items.length === 0) && (
        <p className="px-1 text-sm text-muted">{messages.noMatches}</p>
      )}
      {groups.map(
        (group) =>
          group.items.length > 0 && <Group key={group.title ?? ""} group={group} selected={selected} />,
      )}
    </>
  );
  if (selected === undefined) {
    return (
      <>
        <PageHeader title={title} description={description} actions={create} />
        <div className="max-w-3xl space-y-4">{content}</div>
      </>
    );
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[240px_minmax(0,1fr)]">
      <div className="self-start max-lg:hidden lg:sticky lg:top-4">
        <div className="mb-4 flex min-h-8 items-center justify-between gap-2">
          <h2 className="text-base font-semibold tracking-tight">{title}</h2>
          {create}
        </div>
        <div className="space-y-4">{content}</div>
        <p className="mt-2 text-xs text-muted">{description}</p>
      </div>
      <div className="min-w-0">
        <Link
          {...all.link}
          className="mb-2 inline-flex items-center gap-1 text-xs text-muted hover:text-ink lg:hidden"
        >
          <ChevronLeft className="size-3.5" aria-hidden /> {all.label}
        </Link>
        {children}
      </div>
    </div>
  );
}

function found(items: readonly DirectoryItem[], sought: string): readonly DirectoryItem[] {
  const words = sought.trim().toLowerCase();
  return words === "" ? items : items.filter(({ name }) => name.toLowerCase().includes(words));
}

function Group({ group, selected }: { group: DirectoryGroup; selected: string | undefined }) {
  return (
    <section>
      {group.title && <h3 className="mb-1 px-1 text-xs text-muted">{group.title}</h3>}
      <ul className="divide-y overflow-hidden rounded-lg border">
        {group.items.map((item) => (
          <li key={item.id}>
            <Link
              {...item.link}
              aria-current={item.id === selected ? "page" : undefined}
              className={cn(
                "flex items-center gap-2.5 border-l-2 border-transparent px-3 py-2 text-sm transition-colors hover:bg-sunken focus-visible:-outline-offset-2",
                item.id === selected && "border-ink bg-raised",
              )}
            >
              <span className="shrink-0 text-muted [&>svg]:size-4">{item.icon}</span>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{item.name}</span>
                {item.note && <span className="block truncate text-xs text-muted">{item.note}</span>}
              </span>
              {item.count && (
                <span className="text-xs text-muted tabular-nums">
                  <span aria-hidden>{item.count.value}</span>
                  <span className="sr-only">{item.count.words}</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
