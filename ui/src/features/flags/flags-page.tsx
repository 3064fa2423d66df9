import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { Suspense, useState } from "react";
import { flagsQuery, projectQuery, tagsQuery } from "@/api/queries";
import type { Environment } from "@/api/types";
import { PageHeader } from "@/components/page-header";
import { PartBoundary } from "@/components/part-boundary";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useRefusal } from "@/domain/access/use-refusal";
import { useCommands } from "@/domain/palette/commands";
import { useHotkey } from "@/lib/hotkeys";
import { lazyPart } from "@/lib/lazy-part";
import { page, paths } from "@/paths";
import { FlagFilters } from "./flag-filters";
import { FlagList } from "./flag-list";
import { flagFilter } from "./flags-search";
import { messages } from "./messages";
import { MOST_PINS, usePins } from "./pins";
import { PinsMenu } from "./pins-menu";

const NONE: Environment[] = [];

// Brings the editors of variations with it, which the list does without.
const CreateFlagDialog = lazyPart(() => import("./create-flag-dialog"), "CreateFlagDialog");

export function FlagsPage() {
  const scope = useParams({ from: page(paths.flags) });
  const search = useSearch({ from: page(paths.flags) });
  const [creating, setCreating] = useState(false);
  const refusal = useRefusal("flag.create", { project: scope.project });
  const project = useQuery(projectQuery(scope));
  const flags = useInfiniteQuery({
    ...flagsQuery(scope, flagFilter(search)),
    placeholderData: (held) => held,
  });
  const environments = project.data?.environments ?? NONE;
  const { pins, setPins } = usePins(scope, environments);
  const tags = useQuery(tagsQuery(scope));
  const filtered = Boolean(search.q || search.tag || search.type || search.archived);
  const bare = flags.isSuccess && flags.data.pages[0]?.items.length === 0 && !filtered;
  useHotkey("c", () => setCreating(true), !refusal);
  useCommands([
    { id: "create-flag", name: messages.create, run: () => setCreating(true), disabledReason: refusal },
  ]);
  return (
    <>
      <PageHeader
        title={messages.title}
        actions={
          <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
            <Plus aria-hidden /> {messages.create}
            <span aria-hidden className="hidden sm:inline">
              <Kbd>C</Kbd>
            </span>
          </Button>
        }
      />
      {!bare && (
        <FlagFilters search={search} tags={tags.data?.items ?? []}>
          {environments.length > MOST_PINS && !search.env && (
            <PinsMenu environments={environments} pins={pins} onChange={setPins} />
          )}
        </FlagFilters>
      )}
      <FlagList
        {...scope}
        flags={flags}
        environments={environments}
        pins={pins}
        env={search.env}
        filtered={filtered}
        onCreate={() => setCreating(true)}
      />
      {creating && (
        <PartBoundary onMissing={() => setCreating(false)}>
          <Suspense>
            <CreateFlagDialog {...scope} onClose={() => setCreating(false)} />
          </Suspense>
        </PartBoundary>
      )}
    </>
  );
}
