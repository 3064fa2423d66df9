import { useInfiniteQuery, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { connectionsQuery, flagChoicesQuery, projectQuery, sdkKeysQuery } from "@/api/queries";
import { ErrorNote } from "@/components/error-note";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { Missing } from "@/components/failure";
import { PageHeader } from "@/components/page-header";
import { CopyButton } from "@/components/ui/copy-button";
import { Panel } from "@/components/ui/panel";
import { ScrollText } from "@/components/ui/scroll-text";
import { Skeleton } from "@/components/ui/skeleton";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import { page, paths } from "@/paths";
import { ConnectionStatus } from "./connection-status";
import { EnvironmentTabs } from "./environment-tabs";
import { messages } from "./messages";
import type { SnippetKind } from "./snippets";
import { snippets } from "./snippets";

export function ConnectPage() {
  const scope = useParams({ from: page(paths.connect) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const keys = useInfiniteQuery(sdkKeysQuery(scope));
  useEveryPage(keys);
  const connections = useQuery(connectionsQuery(scope));
  const flags = useQuery(flagChoicesQuery(scope));
  const [shown, setShown] = useState<SnippetKind>("page");
  const environment = project.environments.find((item) => item.key === scope.environment);
  if (!environment) return <Missing />;
  const key = itemsOf(keys.data).find(
    (item) => item.kind === "client" && item.key && item.status === "active",
  )?.key;
  const visible = flags.data?.items.filter((flag) => flag.clientVisible) ?? [];
  const flag = visible.find((item) => item.type === "boolean") ?? visible[0];
  const url = connections.data?.streamUrl;
  const ready = keys.isSuccess && connections.isSuccess && !flags.isPending;
  const failed = [keys, connections].find((query) => query.isLoadingError);
  const all = snippets({
    key: key ?? "pbc_…",
    url: url ?? "",
    flag: flag ?? { key: "my-flag", type: "boolean" },
  });
  const needs = all.find(({ kind }) => kind === shown)?.needs;
  const createKey = (
    <Link to={paths.environment} params={scope} className="underline">
      {messages.connect.createOne}
    </Link>
  );
  return (
    <>
      <PageHeader
        title={messages.connect.title}
        description={messages.connect.description(environment.name)}
      />
      <EnvironmentTabs scope={scope} />
      <div className="max-w-3xl">
        <ConnectionStatus connections={connections.data} environment={environment.name} />
        {failed && <ErrorNote error={failed.error} retry={() => void failed.refetch()} />}
        {!ready && !failed && <Skeleton className="mt-6 h-72" />}
        {ready && (
          <Tabs
            className="mt-6"
            label={messages.connect.kind}
            tabs={all.map(({ kind }) => ({ value: kind, label: messages.connect.kinds[kind] }))}
            value={shown}
            onChange={setShown}
          >
            {all.map(({ kind, install, code }) => (
              <TabPanel key={kind} value={kind} className="space-y-3">
                {install && <Code text={install} label={messages.connect.copyCommand} />}
                <Code text={code} label={messages.connect.copySnippet} />
              </TabPanel>
            ))}
          </Tabs>
        )}
        {ready && needs === "client" && !key && (
          <p className="mt-3 text-sm text-danger">
            {messages.connect.noClientKey({ environment: environment.name, link: createKey })}
          </p>
        )}
        {needs === "client" ? (
          <p className="mt-4 text-xs text-muted">
            {messages.connect.clientKey} {flags.isSuccess && !flag && messages.connect.noVisibleFlag}
          </p>
        ) : (
          <p className="mt-4 text-xs text-muted">
            {messages.connect.serverKey(createKey)} {shown === "openfeature" && messages.connect.polling}
          </p>
        )}
      </div>
    </>
  );
}

function Code({ text, label }: { text: string; label: string }) {
  return (
    <Panel className="relative bg-sunken">
      <ScrollText label={messages.connect.code} className="px-4 py-3 pr-12">
        {text}
      </ScrollText>
      <CopyButton text={text} label={label} className="absolute top-1.5 right-1.5 bg-sunken" />
    </Panel>
  );
}
