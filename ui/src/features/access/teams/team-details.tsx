import { useMemo, useState } from "react";
import { deleteTeam, updateTeam } from "@/api/access";
import { keys } from "@/api/queries";
import type { Member, Team } from "@/api/types";
import { PageHeader } from "@/components/page-header";
import { useRefusal } from "@/domain/access/use-refusal";
import { paths } from "@/paths";
import { DeleteDialog } from "../frame/delete-dialog";
import { DetailsMenu } from "../frame/details-menu";
import { EditDescribedDialog } from "../frame/edit-described-dialog";
import { GrantMatrix } from "../grants/grant-matrix";
import type { Holder } from "../grants/holder";
import { useConferGrants } from "../grants/use-confer-grants";
import { messages } from "./messages";
import { TeamMembers } from "./team-members";

export interface TeamDetailsProps {
  org: string;
  team: Team;
  members: readonly Member[];
  /** Everyone in the organization. */
  all: readonly Member[];
}

/** What a team may do, and who is in it. */
export function TeamDetails({ org, team, members, all }: TeamDetailsProps) {
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const refusal = useRefusal("team.manage");
  // Deleting a team also takes away its roles.
  const excess = useConferGrants(org)(team.grants);
  const close = () => setDialog(null);
  const holder = useMemo(
    (): Holder => ({
      kind: "team",
      id: team.id,
      name: team.name,
      grants: team.grants,
      affects: members.length > 0 ? messages.affected(members.length) : messages.affectedLater,
    }),
    [team, members.length],
  );
  return (
    <div className="space-y-6">
      <PageHeader
        title={team.name}
        description={team.description}
        actions={
          <DetailsMenu
            words={messages}
            editRefusal={refusal}
            deleteRefusal={refusal || excess}
            onEdit={() => setDialog("edit")}
            onDelete={() => setDialog("delete")}
          />
        }
      />
      <GrantMatrix org={org} holder={holder} />
      <TeamMembers org={org} team={team} members={members} all={all} refusal={refusal || excess} />
      {dialog === "edit" && (
        <EditDescribedDialog
          held={team}
          words={messages}
          update={(change, guard) => updateTeam(org, team.id, change, guard)}
          awaits={[keys.access(org), keys.members(org)]}
          onClose={close}
        />
      )}
      {dialog === "delete" && (
        <DeleteDialog
          org={org}
          title={messages.deleteTitle(team.name)}
          description={messages.deleteHelp(members.length)}
          action={messages.deleteSubmit}
          deleted={messages.deleted(team.name)}
          remove={(comment) => deleteTeam(org, team.id, comment)}
          invalidates={[keys.access(org), keys.members(org), keys.audit(org)]}
          list={paths.teams}
          onClose={close}
        />
      )}
    </div>
  );
}
