import { useParams } from "@tanstack/react-router";
import { Bot, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useProjects } from "@/domain/access/use-projects";
import { useRefusal } from "@/domain/access/use-refusal";
import { useCommands } from "@/domain/palette/commands";
import { paths } from "@/paths";
import { Directory } from "../frame/directory";
import { HiddenPage } from "../frame/hidden-page";
import { NotThere } from "../frame/not-there";
import { grantSummary } from "../grants/grant-summary";
import { useServiceAccounts } from "../lists";
import { AccountDetails } from "./account-details";
import { CreateAccountDialog } from "./account-dialogs";
import { messages } from "./messages";

/** Every service account, and beside them the roles and tokens of the selected one. */
export function ServiceAccountsPage() {
  const hidden = useRefusal(["serviceAccount.manage", "member.read"]);
  return hidden ? <HiddenPage title={messages.title} reason={hidden} /> : <ServiceAccounts />;
}

function ServiceAccounts() {
  const { org = "", account: selected } = useParams({ strict: false });
  const accounts = useServiceAccounts(org);
  const projects = useProjects(org);
  const [creating, setCreating] = useState(false);
  useCommands([{ id: "create-service-account", name: messages.create, run: () => setCreating(true) }]);
  const create = (
    <Button
      size={selected ? "sm" : "md"}
      look={selected ? "outline" : "primary"}
      aria-label={messages.create}
      onClick={() => setCreating(true)}
    >
      <Plus aria-hidden /> {selected ? messages.createShort : messages.create}
    </Button>
  );
  const shown = accounts.items.find(({ id }) => id === selected);
  return (
    <>
      <Directory
        title={messages.title}
        description={messages.description}
        create={accounts.items.length > 0 && create}
        all={{ label: messages.all, link: { to: paths.serviceAccounts, params: { org } } }}
        list={accounts}
        groups={[
          {
            items: accounts.items.map((account) => ({
              id: account.id,
              name: account.name,
              icon: <Bot aria-hidden />,
              note: grantSummary(account.grants, projects),
              link: { to: paths.serviceAccount, params: { org, account: account.id } },
            })),
          },
        ]}
        empty={
          <Empty title={messages.none} action={create}>
            {messages.noneHelp}
          </Empty>
        }
        search={messages.search}
        selected={selected}
      >
        {shown && <AccountDetails key={shown.id} org={org} account={shown} />}
        {!shown && !accounts.isPending && <NotThere />}
      </Directory>
      {creating && <CreateAccountDialog org={org} onClose={() => setCreating(false)} />}
    </>
  );
}
