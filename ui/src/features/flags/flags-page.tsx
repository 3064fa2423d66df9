import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { flagsQuery, projectQuery, tagsQuery } from "@/api/queries";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useRefusal } from "@/domain/access";
import { useHotkey } from "@/lib/hotkeys";
import { page, paths } from "@/paths";
import { CreateFlagDialog } from "./create-flag-dialog";
import { FlagFilters } from "./flag-filters";
import { FlagList } from "./flag-list";
import { flagFilter } from "./flags-search";

export function FlagsPage() {
  const scope = useParams({ from: page(paths.flags) });
  const search = useSearch({ from: page(paths.flags) });
  const [creating, setCreating] = useState(false);
  const refusal = useRefusal("editor");
  const project = useQuery(projectQuery(scope));
  const flags = useInfiniteQuery({
    ...flagsQuery(scope, flagFilter(search)),
    placeholderData: (held) => held,
  });
  const tags = useQuery(tagsQuery(scope));
  const filtered = Boolean(search.q || search.tag || search.type || search.archived);
  const bare = flags.isSuccess && flags.data.pages[0]?.items.length === 0 && !filtered;
  useHotkey("c", () => setCreating(true), !refusal);
  return (
    <>
      <PageHeader
        title="Flags"
        description={project.data && `${project.data.name}: what is on, where, and for whom.`}
        actions={
          <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
            <Plus aria-hidden /> Create flag
            <span aria-hidden className="hidden sm:inline">
              <Kbd>C</Kbd>
            </span>
          </Button>
        }
      />
      {!bare && <FlagFilters search={search} tags={tags.data?.items ?? []} />}
      <FlagList
        {...scope}
        flags={flags}
        environments={project.data?.environments ?? []}
        filtered={filtered}
        onCreate={() => setCreating(true)}
      />
      {creating && <CreateFlagDialog {...scope} onClose={() => setCreating(false)} />}
    </>
  );
}
