/**
 * Tells the hub what a page does with its flags: over the socket every ten seconds or so, and by a beacon when the
 * page is hidden, which may be its end. A hub that takes no events is left alone for as long as the connection lasts.
 */

import { eventsUrl } from "../address.js";
import { ACK } from "../frames.js";
import type { Inside, Note } from "../inside.js";
import type { JsonMap } from "../json.js";
import { createExposures } from "./exposures.js";
import { createUsage } from "./usage.js";

/** Begins with what was noted before; of `noted` notes in all, those that are not there had no room. */
export function start(inside: Inside, notes: readonly Note[], noted: number): void {
  const { clock, random, encode, key, page, url, receive, error } = inside;
  const usage = createUsage({ clock, random, encode, send: (frame) => inside.send(frame) });
  /** A page does not know which flags are tracked: it reports each flag that it reads, and the hub keeps the tracked ones. */
  const expose = createExposures(usage, clock, Number.POSITIVE_INFINITY);
  /** Whether batches are taken, as far as is known. */
  let online = false;
  let refused = false;

  function take(...note: Note): void {
    const [name, detail] = note;
    if (detail) {
      // What a developer has put in its place is not what the hub served.
      if (detail.reason === "OVERRIDE") return;
      usage.count(name, detail.flagVersion ?? null, detail.variation, detail.reason);
      // While an answer is awaited, what was served is someone else's.
      if (inside.matches()) expose(name, detail, inside.asked()?.targetingKey);
      return;
    }
    const [event, , at, targetingKey, value] = note as Note & { readonly 1: null };
    const entry: Record<string, JsonMap[string]> = { event };
    if (value !== undefined && Number.isFinite(value)) entry.value = value;
    if (targetingKey !== undefined) entry.targetingKey = targetingKey;
    usage.record("events", entry, at);
  }

  function connected(): void {
    online = true;
    refused = false;
    usage.connected();
  }

  function lost(): void {
    online = false;
    usage.lost();
  }

  /**
   * Hands over what there is. While there is a connection the browser is trusted to deliver it; without one the first
   * batch is kept too, and said again under its id once there is.
   */
  function handOver(): void {
    const certain = online;
    if (refused) return;
    lost();
    for (let batch = usage.next(); batch && beacon({ key, ...batch }); batch = usage.next()) {
      if (!certain) break;
      usage.acknowledge(batch.id);
    }
    if (certain) connected();
  }

  function beacon(body: JsonMap): boolean {
    // As text: that needs no leave of the hub's (CORS), for which a page that ends could not wait.
    return globalThis.navigator?.sendBeacon?.(eventsUrl(url), JSON.stringify(body)) ?? false;
  }

  const hide = (): void => {
    if (page?.visibilityState === "hidden") handOver();
  };

  inside.receive = (frame) => {
    if (frame[0] === ACK) usage.acknowledge(frame[1]);
    else receive(frame);
  };
  inside.error = (failure) => {
    if (failure.code === "events_unsupported") {
      refused = true;
      lost();
      return;
    }
    if (failure.code === "events_invalid") usage.giveUp();
    error(failure);
  };
  inside.note = take;
  inside.on("status", (status) => {
    if (status === "live") connected();
    else lost();
    if (status !== "closed") return;
    page?.removeEventListener("visibilitychange", hide);
    inside.note = () => undefined;
    if (page) handOver();
  });
  page?.addEventListener("visibilitychange", hide);

  usage.drop(noted - notes.length);
  for (const note of notes) take(...note);
  connected();
}
