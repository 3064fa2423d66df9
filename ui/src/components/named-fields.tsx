import type { ReactNode } from "react";
import { useState } from "react";
import { fieldError } from "@/api/problem";
import { slug } from "@/lib/slug";
import { KeyField } from "./key-field";
import { NameField } from "./name-field";

/** What a new thing is called: by people, and in addresses and code. */
export interface Named {
  name: string;
  key: string;
  setName: (name: string) => void;
  setKey: (key: string) => void;
}

/** A name that is typed, and a key that follows it until it is given one of its own. */
export function useNamed(): Named {
  const [name, setName] = useState("");
  const [ownKey, setKey] = useState<string | null>(null);
  return { name, key: ownKey ?? slug(name), setName, setKey };
}

export interface NamedFieldsProps {
  named: Named;
  /** What the hub said of the form. */
  error: unknown;
  /** An example of a name. */
  placeholder: string;
  /** What the key is for. */
  help?: ReactNode;
}

/** The first two fields of what is created. */
export function NamedFields({ named, error, placeholder, help }: NamedFieldsProps) {
  return (
    <>
      <NameField
        autoFocus
        placeholder={placeholder}
        value={named.name}
        onChange={named.setName}
        error={error}
      />
      <KeyField value={named.key} onChange={named.setKey} error={fieldError(error, "/key")} help={help} />
    </>
  );
}
