import { Pin } from "lucide-react";
import type { Environment } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheckItem, MenuLabel } from "@/components/ui/menu";
import { MOST_PINS } from "./pins";

export interface PinsMenuProps {
  environments: readonly Environment[];
  pins: ReadonlySet<string>;
  onToggle: (key: string) => void;
}

/** Chooses the environments that stay beside the names while the others scroll. */
export function PinsMenu({ environments, pins, onToggle }: PinsMenuProps) {
  const full = pins.size >= MOST_PINS;
  return (
    <Menu
      align="end"
      className="w-60"
      trigger={
        <Button look="ghost">
          <Pin aria-hidden /> {pins.size} of {environments.length} pinned
        </Button>
      }
    >
      <MenuLabel>
        {full ? `At most ${MOST_PINS} environments: unpin one first` : "Pinned environments"}
      </MenuLabel>
      {environments.map((environment) => {
        const pinned = pins.has(environment.key);
        return (
          <MenuCheckItem
            key={environment.id}
            checked={pinned}
            disabled={full && !pinned}
            onCheckedChange={() => onToggle(environment.key)}
            onSelect={(event) => event.preventDefault()}
          >
            <EnvironmentName environment={environment} />
          </MenuCheckItem>
        );
      })}
    </Menu>
  );
}
