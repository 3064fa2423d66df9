/** Where a hub takes what is not said on the stream, told by the address of the stream. */

/** The address of the hub's events: for batches without a socket. */
export function eventsUrl(stream: string): string {
  return beside(stream, "events");
}

/** The address of the environment's whole ruleset, for server keys. */
export function rulesetUrl(stream: string): string {
  return beside(stream, "ruleset");
}

/** The address of the hub's evaluation by OFREP. */
export function evaluationUrl(stream: string): string {
  return beside(stream, "../../ofrep/v1/evaluate/flags");
}

function beside(stream: string, path: string): string {
  return new URL(path, stream.replace(/^ws/, "http")).href;
}
