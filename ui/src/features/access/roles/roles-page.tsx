import { useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { CustomRole } from "@/api/types";
import { Button } from "@/components/ui/button";
import { RoleIcon, roleName } from "@/domain/access/role-name";
import { useRefusal } from "@/domain/access/use-refusal";
import { useCommands } from "@/domain/palette/commands";
import { paths } from "@/paths";
import { Directory } from "../frame/directory";
import { HiddenPage } from "../frame/hidden-page";
import { NotThere } from "../frame/not-there";
import { useGrants, useRoles } from "../lists";
import { CreateRoleDialog } from "./create-role-dialog";
import { describe } from "./describe";
import { messages } from "./messages";
import { RoleDetails } from "./role-details";

/** Every role, and beside them what the selected one allows and who has it. */
export function RolesPage() {
  const hidden = useRefusal("member.read");
  return hidden ? <HiddenPage title={messages.title} reason={hidden} /> : <Roles />;
}

function Roles() {
  const { org = "", role: selected } = useParams({ strict: false });
  const roles = useRoles(org);
  const grants = useGrants(org);
  const refusal = useRefusal("role.manage");
  const [creating, setCreating] = useState<{ from?: CustomRole } | null>(null);
  useCommands([
    { id: "create-role", name: messages.create, run: () => setCreating({}), disabledReason: refusal },
  ]);
  const itemOf = (role: CustomRole) => {
    const count = grants.items.filter((grant) => grant.role.id === role.id).length;
    return {
      id: role.id,
      name: roleName(role),
      icon: <RoleIcon id={role.id} />,
      note: selected ? undefined : describe(role),
      count: { value: count, words: messages.holders(count) },
      link: { to: paths.role, params: { org, role: role.id } },
    };
  };
  const shown = roles.items.find(({ id }) => id === selected);
  return (
    <>
      <Directory
        title={messages.title}
        description={messages.description}
        create={
          <Button
            size={selected ? "sm" : "md"}
            look={selected ? "outline" : "primary"}
            disabledReason={refusal}
            onClick={() => setCreating({})}
          >
            <Plus aria-hidden /> {messages.create}
          </Button>
        }
        all={{ label: messages.all, link: { to: paths.roles, params: { org } } }}
        list={roles}
        groups={[
          { title: messages.builtIn, items: roles.items.filter(({ builtIn }) => builtIn).map(itemOf) },
          { title: messages.custom, items: roles.items.filter(({ builtIn }) => !builtIn).map(itemOf) },
        ]}
        search={messages.search}
        selected={selected}
      >
        {shown && (
          <RoleDetails
            key={shown.id}
            org={org}
            role={shown}
            roles={roles.items}
            grants={grants.items}
            onDuplicate={() => setCreating({ from: shown })}
          />
        )}
        {!shown && !roles.isPending && <NotThere />}
      </Directory>
      {creating && (
        <CreateRoleDialog
          org={org}
          roles={roles.items}
          from={creating.from}
          onClose={() => setCreating(null)}
        />
      )}
    </>
  );
}
