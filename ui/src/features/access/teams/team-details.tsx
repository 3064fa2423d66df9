import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import type { Described } from "@/api/access";
import { deleteTeam, updateTeam } from "@/api/access";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Member, Team } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useRefusal } from "@/domain/access/use-refusal";
import { paths } from "@/paths";
import { DescribedDialog } from "../frame/described-dialog";
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
  // Whoever takes a team away takes away what it gives.
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
          <Menu
            align="end"
            className="w-56"
            trigger={
              <Button size="icon" aria-label={messages.more}>
                <MoreHorizontal />
              </Button>
            }
          >
            <MenuItem disabledReason={refusal} onSelect={() => setDialog("edit")}>
              <Pencil aria-hidden /> {messages.edit}
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger disabledReason={refusal || excess} onSelect={() => setDialog("delete")}>
              <Trash2 aria-hidden /> {messages.delete}
            </MenuItem>
          </Menu>
        }
      />
      <GrantMatrix org={org} holder={holder} />
      <TeamMembers org={org} team={team} members={members} all={all} refusal={refusal || excess} />
      {dialog === "edit" && <EditTeam org={org} team={team} onClose={close} />}
      {dialog === "delete" && <DeleteTeam org={org} team={team} count={members.length} onClose={close} />}
    </div>
  );
}

interface DialogProps {
  org: string;
  team: Team;
  onClose: () => void;
}

function EditTeam({ org, team, onClose }: DialogProps) {
  // What was read when the dialog was opened, so that someone else's change meanwhile is not overwritten unseen.
  const [{ version }] = useState(team);
  const update = useMutation({
    mutationFn: (change: Described) => updateTeam(org, team.id, change, { version }),
    meta: { awaits: [keys.access(org), keys.members(org)] },
    onSuccess: () => {
      toast.success(messages.saved);
      onClose();
    },
  });
  return (
    <DescribedDialog
      title={messages.editTitle}
      action={messages.save}
      example={messages.nameExample}
      held={team}
      busy={update.isPending}
      error={update.error}
      onSubmit={(change) => update.mutate(change)}
      onClose={onClose}
    />
  );
}

function DeleteTeam({ org, team, count, onClose }: DialogProps & { count: number }) {
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: (comment: string) => deleteTeam(org, team.id, comment),
    meta: { invalidates: [keys.access(org), keys.members(org), keys.audit(org)] },
    onSuccess: async () => {
      toast.success(messages.deleted(team.name));
      await navigate({ to: paths.teams, params: { org } });
    },
  });
  return (
    <Confirm
      danger
      comments
      title={messages.deleteTitle(team.name)}
      description={messages.deleteHelp(count)}
      action={messages.deleteSubmit}
      busy={remove.isPending}
      refused={formError(remove.error, [])}
      onConfirm={(comment) => remove.mutate(comment)}
      onClose={onClose}
    />
  );
}
