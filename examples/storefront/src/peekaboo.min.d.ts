// The build puts the SDK beside these files under this name.

export type { FlagClient } from "../../../sdk/js/src/index.js";
export { createClient } from "../../../sdk/js/src/index.js";
