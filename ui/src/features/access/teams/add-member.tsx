import { useMutation } from "@tanstack/react-query";
import { Command } from "cmdk";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { addTeamMember } from "@/api/access";
import { reasonOf } from "@/api/problem";
import { keys } from "@/api/queries";
import type { Member, Team } from "@/api/types";
import { Avatar } from "@/components/avatar";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import type { Reason } from "@/components/ui/reason";
import { messages } from "./messages";

export interface AddMemberProps {
  org: string;
  team: Team;
  /** Who is not in it. */
  others: readonly Member[];
  refusal: Reason;
}

/** Puts somebody in a team. */
export function AddMember({ org, team, others, refusal }: AddMemberProps) {
  const [open, setOpen] = useState(false);
  const add = useMutation({
    mutationFn: ({ user }: Member) => addTeamMember(org, team.id, user.id),
    meta: { invalidates: [keys.access(org), keys.members(org), keys.audit(org)] },
    onSuccess: (_, { user }) => {
      toast.success(messages.added({ person: user.name, team: team.name }));
    },
    onError: (error) => toast.error(reasonOf(error)),
  });
  const button = (
    <Button
      size="sm"
      busy={add.isPending}
      disabledReason={refusal || (others.length === 0 && messages.everybodyIn)}
    >
      <UserPlus aria-hidden /> {messages.addMember}
    </Button>
  );
  if (refusal || others.length === 0) return button;
  const pick = (member: Member) => {
    setOpen(false);
    add.mutate(member);
  };
  return (
    <Popover
      label={messages.addMember}
      open={open}
      onOpenChange={setOpen}
      align="end"
      className="p-0"
      trigger={button}
    >
      <Command label={messages.addMember}>
        <Command.Input
          placeholder={messages.findMember}
          className="h-9 w-full border-b bg-transparent px-3 text-sm outline-none"
        />
        <Command.List className="max-h-60 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-4 text-center text-xs text-muted">
            {messages.nobodyFound}
          </Command.Empty>
          {others.map((member) => (
            <Command.Item
              key={member.user.id}
              value={`${member.user.name} ${member.user.email}`}
              onSelect={() => pick(member)}
              className="flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-sm data-[selected=true]:bg-raised"
            >
              <Avatar name={member.user.name} />
              <span className="min-w-0">
                <span className="block truncate">{member.user.name}</span>
                <span className="block truncate text-xs text-muted">{member.user.email}</span>
              </span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Popover>
  );
}
