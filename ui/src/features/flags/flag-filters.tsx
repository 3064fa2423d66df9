import { useNavigate } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { goToList } from "@/components/table/list";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input, NativeSelect } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { useHotkey } from "@/lib/hotkeys";
import { paths } from "@/paths";
import type { FlagsSearch } from "./flags-search";
import { FLAG_TYPES, SORTS } from "./flags-search";
import { messages } from "./messages";

const TYPING_PAUSE_MS = 180;

export interface FlagFiltersProps {
  search: FlagsSearch;
  tags: string[];
  /** Stands at the end of the row. */
  children?: ReactNode;
}

export function FlagFilters({ search, tags, children }: FlagFiltersProps) {
  const navigate = useNavigate({ from: paths.flags });
  const change = (next: FlagsSearch) => void navigate({ search: next, replace: true });
  const without = (name: keyof FlagsSearch) => {
    const { [name]: _, ...rest } = search;
    return rest;
  };
  const choose = (name: "type" | "tag" | "sort", value: string) =>
    change({ ...without(name), ...(value ? { [name]: value } : {}) });
  const known = search.tag && !tags.includes(search.tag) ? [search.tag, ...tags] : tags;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <SearchBox value={search.q ?? ""} onChange={(q) => change(q ? { ...search, q } : without("q"))} />
      <NativeSelect
        aria-label={messages.filters.type}
        value={search.type ?? ""}
        onChange={(event) => choose("type", event.target.value)}
      >
        <option value="">{messages.filters.allTypes}</option>
        {FLAG_TYPES.map((type) => (
          <option key={type} value={type}>
            {messages.types[type]}
          </option>
        ))}
      </NativeSelect>
      {known.length > 0 && (
        <NativeSelect
          aria-label={messages.filters.tag}
          value={search.tag ?? ""}
          onChange={(event) => choose("tag", event.target.value)}
        >
          <option value="">{messages.filters.allTags}</option>
          {known.map((tag) => (
            <option key={tag}>{tag}</option>
          ))}
        </NativeSelect>
      )}
      <NativeSelect
        aria-label={messages.filters.sort}
        value={search.sort ?? "key"}
        onChange={(event) => choose("sort", event.target.value === "key" ? "" : event.target.value)}
      >
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {messages.filters.sorts[sort]}
          </option>
        ))}
      </NativeSelect>
      <Button
        look={search.archived ? "outline" : "ghost"}
        aria-pressed={search.archived === true}
        onClick={() => change(search.archived ? without("archived") : { ...search, archived: true })}
      >
        {messages.archived}
        {search.archived && <X aria-hidden />}
      </Button>
      {search.tag && (
        <Badge tone="brand" className="md:hidden">
          {search.tag}
        </Badge>
      )}
      {children}
    </div>
  );
}

function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const latest = useRef({ value, onChange });
  latest.current = { value, onChange };
  useHotkey("/", () => input.current?.focus());
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === latest.current.value) return;
    const timer = setTimeout(() => latest.current.onChange(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="relative min-w-48 flex-1">
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" aria-hidden />
      <Input
        ref={input}
        type="search"
        aria-label={messages.filters.search}
        placeholder={messages.filters.searchPlaceholder}
        className="px-8 [&::-webkit-search-cancel-button]:appearance-none"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          goToList(event);
          if (event.key !== "Escape") return;
          setTyped("");
          event.currentTarget.blur();
        }}
      />
      <span className="pointer-events-none absolute top-1.5 right-2 hidden sm:block">
        <Kbd>/</Kbd>
      </span>
    </div>
  );
}
