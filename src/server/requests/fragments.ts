/** Answers `fragments` and `resolveFragment`. */
import type { Connection } from "vscode-languageserver/node";

import type { Fragment } from "../../model/fragment.ts";
import type { LinkedFragment, Session } from "../../model/session.ts";
import { Refusal } from "../../protocol/errors.ts";
import type { Fragments, FragmentsParams, ResolvedFragment, ResolveFragmentParams } from "../../protocol/fragments.ts";
import { Method } from "../../protocol/methods.ts";
import { isInside, pathFrom, realPath } from "../../system/files.ts";
import { homeOrRefuse, newest, pageOf, refusal, sessionOrRefuse, snapshotOf } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { fragmentItem } from "../items/fragment-item.ts";
import { fileTarget } from "../paths.ts";
import { answer } from "./register.ts";

/** A fragment to be shown; `linked` is absent for a checkpoint. */
interface Row {
  readonly fragment: Fragment;
  readonly linked?: LinkedFragment;
}

export function fragments(host: EngineHost, params: FragmentsParams): Fragments {
  const snapshot = snapshotOf(host, params.revision);
  const subject = sessionOrRefuse(snapshot, params.session);
  const all = rowsOf(subject.session, params.group);
  return {
    revision: snapshot.revision,
    total: all.length,
    offset: params.offset,
    fragments: pageOf(all, params.offset, params.limit).map(({ fragment, linked }) =>
      fragmentItem(subject, fragment, linked),
    ),
  };
}

/** Newest first. */
function rowsOf({ fragments: chain, checkpoints }: Session, group: FragmentsParams["group"]): Row[] {
  if (group === "chain") return chain.toReversed().map((linked) => ({ fragment: linked.fragment, linked }));
  return checkpoints.toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0)).map((fragment) => ({ fragment }));
}

/** The path as it is now, links resolved: what leads out of the home is refused, whoever named it. */
export function resolvedFragment(host: EngineHost, { homeId, place }: ResolveFragmentParams): ResolvedFragment {
  const snapshot = newest(host);
  const { home, agents } = homeOrRefuse(snapshot, homeId);
  const path = pathFrom(home.path, place);
  const real = realPath(path);
  if (real === undefined) throw refusal(Refusal.notFound, `${path} is not there any more.`, snapshot);
  // A sessions folder may be a link to the canonical store: that is where its fragments truly lie.
  const roots = [home.path, ...agents.map((one) => one.reading.sessionsLinkTarget).filter((one) => one !== null)];
  if (!roots.some((root) => isInside(root, real)))
    throw refusal(Refusal.refused, `${path} leads out of its home, to ${real}.`, snapshot);
  return fileTarget(path);
}

export function registerFragments(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.fragments, (params) => fragments(host(), params));
  answer(connection, Method.resolveFragment, (params) => resolvedFragment(host(), params));
}
