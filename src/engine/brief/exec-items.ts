/** Background execs of a session as items of a brief: what was started, and what is known of its end. */
import type { ExecProvenance, ExecRecord } from "../../model/exec.ts";
import { placeId } from "../../model/fragment.ts";
import type { Session } from "../../model/session.ts";
import { outcomeText } from "../present/execs.ts";
import { codeSpan } from "./markdown.ts";
import { entryName, whenText } from "./places.ts";
import type { Item } from "./sections.ts";

function fateOf(session: Session, { delivery, ended, undelivered }: ExecRecord): string {
  if (delivery !== null) {
    const { certainty, place } = delivery;
    return `${outcomeText(delivery)}; told ${whenText(place.at)} in ${entryName(session, place.fragment, place.line)} (${certainty}).`;
  }
  if (ended !== null) {
    const { certainty, place } = ended;
    return `${outcomeText(ended)}; the agent polled it in ${entryName(session, place.fragment, place.line)} (${certainty}).`;
  }
  return undelivered?.text ?? "No completion of it was told.";
}

function execItem(session: Session, exec: ExecRecord): Item {
  const command = exec.command === null ? "a command" : codeSpan(exec.command);
  const process = exec.pid === null ? exec.slug : `${exec.slug}, pid ${exec.pid}`;
  const { fragment, line } = exec.start;
  const started = `started ${whenText(exec.startedAt ?? exec.start.at)} in ${entryName(session, fragment, line)}`;
  const output = exec.delivery?.output ?? exec.ended?.output ?? null;
  const head = `- ${command} (${process}), ${started}: ${fateOf(session, exec)}`;
  return output === null || output === "" ? { head } : { head: `${head} It printed:`, quoted: output };
}

/** Whether the agent may not know of the end: it was told in another fragment, or never. */
function isPending({ delivery, ended, start }: ExecRecord): boolean {
  if (delivery === null) return ended === null;
  return placeId(delivery.place.fragment) !== placeId(start.fragment);
}

/** Execs that are still of concern, the newest first: those not told of, those that crossed a reset, those of what goes on. */
export function execItems({ execs }: ExecProvenance, session: Session): Item[] {
  const recent = new Set(session.fragments.slice(-1).map(({ fragment }) => placeId(fragment)));
  return execs
    .filter((one) => isPending(one) || recent.has(placeId(one.start.fragment)))
    .toReversed()
    .map((one) => execItem(session, one));
}
