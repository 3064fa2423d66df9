import { useQuery } from "@tanstack/react-query";
import { segmentChoicesQuery } from "@/api/queries";
import { attributesIn } from "@/domain/targeting/conditions";
import { ATTRIBUTE_LIST, useEditor } from "./editor-context";

const USUAL = [
  "targetingKey",
  "country",
  "email",
  "plan",
  "version",
  "ip",
  "/org/key",
  "/org/plan",
  "/device/os",
];

/** Suggests the attributes that the flag and the project's segments use already, and the usual ones. */
export function KnownAttributes({ used }: { used: readonly string[] }) {
  const { org, project } = useEditor();
  const { data } = useQuery(segmentChoicesQuery({ org, project }));
  const inSegments = (data?.items ?? []).flatMap((segment) => [
    segment.attribute,
    ...attributesIn(segment.when),
  ]);
  const names = [...new Set([...used, ...inSegments, ...USUAL])].filter(Boolean).sort();
  return (
    <datalist id={ATTRIBUTE_LIST}>
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
