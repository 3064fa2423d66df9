import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";
import { flagQuery, projectQuery } from "@/api/queries";
import { ListSkeleton } from "@/components/ui/skeleton";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import { FLAG_TABS } from "@/domain/flag-search";
import { EnvironmentTabs } from "@/features/flags/environment-tabs";
import { FlagHeader } from "@/features/flags/flag-header";
import { VariationsTab } from "@/features/flags/variations-tab";
import { HistoryTab } from "@/features/history/history-tab";
import { EvaluateTab } from "@/features/playground/evaluate-tab";
import { TargetingTab } from "@/features/targeting/editor/targeting-tab";
import { UsageTab } from "@/features/usage/usage-tab";
import { page, paths } from "@/paths";
import { messages } from "../messages";

export function FlagPage() {
  const { org, project, flag: key } = useParams({ from: page(paths.flag) });
  const search = useSearch({ from: page(paths.flag) });
  const navigate = useNavigate({ from: paths.flag });
  const { data: flag } = useSuspenseQuery(flagQuery({ org, project, flag: key }));
  const { data: details } = useSuspenseQuery(projectQuery({ org, project }));
  const environments = details.environments;
  const environment = environments.find((item) => item.key === search.env) ?? environments[0];
  const tab = search.tab ?? "targeting";
  const place = { org, project, flag };
  if (!environment) return null;
  return (
    <div key={key}>
      <FlagHeader {...place} />
      <EnvironmentTabs
        {...place}
        environments={environments}
        chosen={environment}
        onChoose={(env) => void navigate({ search: (held) => ({ ...held, env }), replace: true })}
      />
      <Tabs
        label={messages.flagTabs.label}
        tabs={FLAG_TABS.map((value) => ({ value, label: messages.flagTabs[value] }))}
        value={tab}
        onChange={(next) => void navigate({ search: (held) => ({ ...held, tab: next }), replace: true })}
      >
        <Suspense fallback={<ListSkeleton rows={4} className="mt-5" />}>
          <TabPanel value="targeting">
            <TargetingTab key={environment.key} {...place} environment={environment} />
          </TabPanel>
          <TabPanel value="variations">
            <VariationsTab {...place} />
          </TabPanel>
          <TabPanel value="history">
            <HistoryTab {...place} environment={environment} />
          </TabPanel>
          <TabPanel value="evaluate">
            <EvaluateTab key={environment.key} {...place} environment={environment} />
          </TabPanel>
          <TabPanel value="usage">
            <UsageTab {...place} environment={environment} />
          </TabPanel>
        </Suspense>
      </Tabs>
    </div>
  );
}
