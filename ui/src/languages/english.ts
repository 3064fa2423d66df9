import { messages as api } from "@/api/messages";
import { messages as app } from "@/app/messages";
import { messages as components } from "@/components/messages";
import { messages as lib } from "@/lib/messages";

/** Every message catalog by its name. A translation has the same shape. */
export const english = { lib, api, components, app };
