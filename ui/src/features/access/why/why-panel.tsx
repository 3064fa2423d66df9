import { useState } from "react";
import type { PermissionQuestion } from "@/api/access";
import { CopyButton } from "@/components/ui/copy-button";
import { SidePanel } from "@/components/ui/side-panel";
import { basePath } from "@/lib/base";
import { messages } from "./messages";
import { usePerson } from "./use-person";
import { WhyAnswer } from "./why-answer";
import { WhyForm } from "./why-form";

export interface WhyPanelProps {
  question: PermissionQuestion;
  onClose: () => void;
}

/** Explains beside the page why somebody may or may not do something. */
export function WhyPanel({ question, onClose }: WhyPanelProps) {
  const [asked, setAsked] = useState(question);
  const person = usePerson(asked.org, asked.member);
  return (
    <SidePanel
      title={person ? messages.titleOf(person) : messages.titleOwn}
      actions={<CopyButton text={linkTo(asked)} label={messages.copyLink} caption={messages.copyLink} />}
      onClose={onClose}
    >
      <WhyForm question={asked} onChange={setAsked} />
      <WhyAnswer question={asked} />
    </SidePanel>
  );
}

function linkTo({ org, ...search }: PermissionQuestion): string {
  const query = new URLSearchParams(
    Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return `${location.origin}${basePath}/o/${encodeURIComponent(org)}/why?${query}`;
}
