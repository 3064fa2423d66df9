import { useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Avatar } from "@/components/avatar";
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
import { useMembers, useTeams } from "../lists";
import { CreateTeamDialog } from "./create-team-dialog";
import { messages } from "./messages";
import { TeamDetails } from "./team-details";

/** Every team, and beside them what the selected one may do and who is in it. */
export function TeamsPage() {
  const hidden = useRefusal("member.read");
  return hidden ? <HiddenPage title={messages.title} reason={hidden} /> : <Teams />;
}

function Teams() {
  const { org = "", team: selected } = useParams({ strict: false });
  const teams = useTeams(org);
  const members = useMembers(org);
  const projects = useProjects(org);
  const refusal = useRefusal("team.manage");
  const [creating, setCreating] = useState(false);
  useCommands([
    { id: "create-team", name: messages.create, run: () => setCreating(true), disabledReason: refusal },
  ]);
  const membersOf = (id: string) =>
    members.items.filter((member) => member.teams.some((team) => team.id === id));
  const create = (
    <Button
      size={selected ? "sm" : "md"}
      look={selected ? "outline" : "primary"}
      disabledReason={refusal}
      onClick={() => setCreating(true)}
    >
      <Plus aria-hidden /> {messages.create}
    </Button>
  );
  const shown = teams.items.find(({ id }) => id === selected);
  return (
    <>
      <Directory
        title={messages.title}
        description={messages.description}
        create={teams.items.length > 0 && create}
        all={{ label: messages.all, link: { to: paths.teams, params: { org } } }}
        list={teams}
        groups={[
          {
            items: teams.items.map((team) => {
              const count = membersOf(team.id).length;
              return {
                id: team.id,
                name: team.name,
                icon: <Avatar name={team.name} className="rounded-md" />,
                note: grantSummary(team.grants, projects),
                count: { value: count, words: messages.memberCount(count) },
                link: { to: paths.team, params: { org, team: team.id } },
              };
            }),
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
        {shown && (
          <TeamDetails
            key={shown.id}
            org={org}
            team={shown}
            members={membersOf(shown.id)}
            all={members.items}
          />
        )}
        {!shown && !teams.isPending && <NotThere />}
      </Directory>
      {creating && <CreateTeamDialog org={org} onClose={() => setCreating(false)} />}
    </>
  );
}
