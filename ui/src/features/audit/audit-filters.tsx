import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { membersQuery, projectsQuery } from "@/api/queries";
import type { AuditEntry } from "@/api/types";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { Button } from "@/components/ui/button";
import { Input, NativeSelect } from "@/components/ui/input";
import { useRefusal } from "@/domain/access/use-refusal";
import { actionName, knownActions } from "@/domain/review/entry-changes";
import { paths } from "@/paths";
import type { AuditSearch } from "./audit-search";
import { isBackwards, SUBJECT_KINDS } from "./audit-search";
import { messages } from "./messages";

export interface AuditFiltersProps {
  org: string;
  search: AuditSearch;
  /** The listed changes: who made them can be chosen, members or not. */
  entries: readonly AuditEntry[];
}

/** What to list. It stands in the URL. */
export function AuditFilters({ org, search, entries }: AuditFiltersProps) {
  const navigate = useNavigate({ from: paths.audit });
  const projects = useInfiniteQuery(projectsQuery(org));
  useEveryPage(projects);
  const project = itemsOf(projects.data).find((item) => item.key === search.project);
  const set = (name: keyof AuditSearch, value: string) => {
    const kept = { ...search };
    delete kept[name];
    // Another project has other environments.
    if (name === "project") delete kept.environment;
    void navigate({ search: value ? { ...kept, [name]: value } : kept, replace: true });
  };
  const { filters } = messages;
  return (
    <section aria-label={filters.label} className="mb-4 space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <NativeSelect
          aria-label={filters.project}
          value={search.project ?? ""}
          onChange={(event) => set("project", event.target.value)}
        >
          <option value="">{filters.allProjects}</option>
          {itemsOf(projects.data).map((item) => (
            <option key={item.key} value={item.key}>
              {item.name}
            </option>
          ))}
        </NativeSelect>
        {project && (
          <NativeSelect
            aria-label={filters.environment}
            value={search.environment ?? ""}
            onChange={(event) => set("environment", event.target.value)}
          >
            <option value="">{filters.allEnvironments}</option>
            {project.environments.map((item) => (
              <option key={item.key} value={item.key}>
                {item.name}
              </option>
            ))}
          </NativeSelect>
        )}
        <PersonSelect
          org={org}
          entries={entries}
          value={search.actor}
          onChange={(value) => set("actor", value)}
        />
        <NativeSelect
          aria-label={filters.action}
          value={search.action ?? ""}
          onChange={(event) => set("action", event.target.value)}
        >
          <option value="">{filters.allActions}</option>
          {knownActions().map((action) => (
            <option key={action} value={action}>
              {actionName(action)}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          aria-label={filters.kind}
          value={search.subjectKind ?? ""}
          onChange={(event) => set("subjectKind", event.target.value)}
        >
          <option value="">{filters.allKinds}</option>
          {SUBJECT_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {filters.kinds[kind]}
            </option>
          ))}
        </NativeSelect>
        <Input
          aria-label={filters.subject}
          placeholder={filters.subject}
          className="w-40 font-mono text-xs"
          defaultValue={search.subject ?? ""}
          key={search.subject}
          onBlur={(event) =>
            event.target.value.trim() !== (search.subject ?? "") && set("subject", event.target.value.trim())
          }
          onKeyDown={(event) => event.key === "Enter" && set("subject", event.currentTarget.value.trim())}
        />
        <Day
          label={filters.from}
          value={search.from}
          isWrong={isBackwards(search)}
          onChange={(value) => set("from", value)}
        />
        <Day
          label={filters.to}
          value={search.to}
          isWrong={isBackwards(search)}
          onChange={(value) => set("to", value)}
        />
        {Object.keys(search).length > 0 && (
          <Button look="ghost" onClick={() => void navigate({ search: {}, replace: true })}>
            {filters.clear}
          </Button>
        )}
      </div>
      {isBackwards(search) && (
        <p role="alert" className="text-xs text-danger">
          {filters.backwards}
        </p>
      )}
    </section>
  );
}

interface PersonSelectProps {
  org: string;
  entries: readonly AuditEntry[];
  value: string | undefined;
  onChange: (value: string) => void;
}

/** The members, for people who can see them, and everyone else who made a listed change. */
function PersonSelect({ org, entries, value, onChange }: PersonSelectProps) {
  const refusal = useRefusal("member.read");
  const members = useInfiniteQuery({ ...membersQuery(org), enabled: !refusal });
  useEveryPage(members);
  const names = new Map(itemsOf(members.data).map(({ user }) => [user.id, user.name]));
  for (const { actor } of entries) if (actor.id && !names.has(actor.id)) names.set(actor.id, actor.name);
  if (value && !names.has(value)) names.set(value, messages.filters.onePerson);
  const options = [...names].sort(([, one], [, other]) => one.localeCompare(other));
  return (
    <NativeSelect
      aria-label={messages.filters.person}
      className="max-w-48"
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{messages.filters.anyone}</option>
      {options.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}

interface DayProps {
  label: string;
  value: string | undefined;
  isWrong: boolean;
  onChange: (value: string) => void;
}

function Day({ label, value, isWrong, onChange }: DayProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the input is inside
    <label className="flex items-center gap-1.5 text-xs text-muted">
      {label}
      <Input
        type="date"
        className="w-36"
        value={value ?? ""}
        aria-invalid={isWrong || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
