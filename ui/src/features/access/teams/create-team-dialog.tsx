import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Described } from "@/api/access";
import { createTeam } from "@/api/access";
import { keys } from "@/api/queries";
import { paths } from "@/paths";
import { DescribedDialog } from "../frame/described-dialog";
import { messages } from "./messages";

export function CreateTeamDialog({ org, onClose }: { org: string; onClose: () => void }) {
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (team: Described) => createTeam(org, team),
    meta: { awaits: [keys.access(org)] },
    onSuccess: async ({ id }) => {
      await navigate({ to: paths.team, params: { org, team: id } });
      onClose();
    },
  });
  return (
    <DescribedDialog
      title={messages.createTitle}
      action={messages.create}
      example={messages.example}
      busy={create.isPending}
      error={create.error}
      onSubmit={(team) => create.mutate(team)}
      onClose={onClose}
    />
  );
}
