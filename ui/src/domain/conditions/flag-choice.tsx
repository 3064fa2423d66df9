import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { flagChoicesQuery } from "@/api/queries";
import { useEditor } from "./editor-context";
import { SearchChoice, useSearchChoice } from "./search-choice";

export interface FlagChoiceProps {
  value: string;
  onChange: (flag: string) => void;
  invalid?: boolean;
}

/** Chooses another flag of the project. */
export function FlagChoice({ value, onChange, invalid = false }: FlagChoiceProps) {
  const { org, project, self, disabledReason } = useEditor();
  const choice = useSearchChoice();
  const flags = useQuery({
    ...flagChoicesQuery({ org, project }, choice.search.trim() || undefined),
    enabled: choice.open,
    placeholderData: keepPreviousData,
  });
  return (
    <SearchChoice
      {...choice}
      noun="flag"
      value={value}
      onChange={onChange}
      invalid={invalid}
      disabledReason={disabledReason}
      choices={(flags.data?.items ?? []).filter((flag) => flag.key !== self.flag)}
      looking={flags.isFetching}
    />
  );
}
