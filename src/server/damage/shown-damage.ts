/** Damage of the transcript that a document shows a part of: which of it shows there, and where. */
import type { Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";

import { locateById } from "../../engine/lookup.ts";
import type { Finding } from "../../model/finding.ts";
import type { Fragment } from "../../model/fragment.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { addressOf, type Part } from "../documents/addresses.ts";
import { lineInPart, rangeInPart } from "./ranges.ts";

/** A finding at its place in the document. */
export interface ShownDamage {
  readonly finding: Finding;
  readonly range: Range;
}

/** The damage that shows in a document made by the server; none in any other. */
export function damageShownIn(snapshot: Snapshot, document: TextDocument): ShownDamage[] {
  const address = addressOf(document.uri);
  if (address?.what !== "transcript") return [];
  const home = snapshot.homes.find((one) => one.home.path === address.home);
  const located = home === undefined ? undefined : locateById(home, address.fragment);
  if (home === undefined || located === undefined) return [];
  const first = firstOf(located.entry.fragment, address.part);
  return damageOf(home, located.entry.fragment).flatMap((finding) => {
    const damage = finding.damage!;
    const line = lineInPart(damage, document, first === null ? null : damage.seq - first);
    return line === null ? [] : [{ finding, range: rangeInPart(damage, document, line) }];
  });
}

/** Number of the event that the part begins with, where its address says it. */
function firstOf({ window }: Fragment, part: Part): number | null {
  if (typeof part === "number") return part;
  return part === "start" ? (window?.fromSeq ?? 0) : null;
}

function damageOf({ findings }: HomeSnapshot, { path, window }: Fragment): Finding[] {
  return findings.filter(({ damage, event, path: place }) => {
    if (damage === undefined || place !== path) return false;
    if (event !== undefined && event.sessionId !== window?.sessionId) return false;
    return window === undefined || (window.fromSeq <= damage.seq && damage.seq <= window.toSeq);
  });
}
