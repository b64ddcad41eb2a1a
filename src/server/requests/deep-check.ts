/** Answers `deepCheck`: reads transcripts whole, and tells how far it is meanwhile. */
import type { Connection } from "vscode-languageserver/node";

import type { DeepCheckAim, DeepCheckProgress } from "../../engine/deep-check/deep-checks.ts";
import { readText } from "../../engine/present/deep-check-text.ts";
import { count, size } from "../../model/amounts.ts";
import type { Finding } from "../../model/finding.ts";
import { type FragmentPlace, placeId, placeOf } from "../../model/fragment.ts";
import type { Session } from "../../model/session.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { DeepCheckAnswer, DeepCheckParams, DeepChecking } from "../../protocol/deep-check.ts";
import { Method, Notice } from "../../protocol/methods.ts";
import { agentOrRefuse, homeOrRefuse, sessionOrRefuse, wholeSnapshot } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { signalOf } from "../reading/answering.ts";
import { answer, tell } from "./register.ts";

/** Told at most this often. */
const TELL_EACH_MS = 150;

export async function deepCheck(
  host: EngineHost,
  params: DeepCheckParams,
  signal: AbortSignal,
  onProgress: (progress: DeepChecking) => void,
): Promise<DeepCheckAnswer> {
  const aim = aimOf(await wholeSnapshot(host), params);
  let toldAt = -Infinity;
  const { read, snapshot } = await host.deepCheck({
    ...aim,
    signal,
    onProgress: (progress) => {
      if (performance.now() - toldAt < TELL_EACH_MS) return;
      toldAt = performance.now();
      onProgress({ checkId: params.checkId, ...progressOf(progress) });
    },
  });
  const found = findingsIn(snapshot, aim);
  const notes = found.filter(({ severity }) => severity === "info").length;
  const problems = found.length - notes;
  return { revision: snapshot.revision, problems, notes, summary: `${foundText(problems, notes)} ${readText(read)}` };
}

function aimOf(snapshot: Snapshot, { agent, homeId, session: ref }: DeepCheckParams): DeepCheckAim {
  if (ref !== undefined) {
    const { agent: own, home, session } = sessionOrRefuse(snapshot, ref);
    return { home: home.home.path, agent: own.reading.name, fragments: placesOf(session) };
  }
  if (homeId === undefined) return {};
  const home = homeOrRefuse(snapshot, homeId);
  if (agent === undefined) return { home: home.home.path };
  return { home: home.home.path, agent: agentOrRefuse(snapshot, home, agent).reading.name };
}

function placesOf({ checkpoints, fragments }: Session): FragmentPlace[] {
  return [...fragments.map(({ fragment }) => fragment), ...checkpoints].map(placeOf);
}

const progressOf = ({
  bytes,
  ofBytes,
  ofTranscripts,
  transcripts,
}: DeepCheckProgress): Omit<DeepChecking, "checkId"> => ({
  bytes,
  ofBytes,
  text: `${transcripts} of ${count(ofTranscripts, "transcript")}, ${size(bytes)} of ${size(ofBytes)}`,
});

/** Damage in what was meant. */
function findingsIn({ homes }: Snapshot, { agent, fragments, home: path }: DeepCheckAim): Finding[] {
  const paths = fragments === undefined ? null : new Set(fragments.map(placeId));
  return homes
    .filter(({ home }) => path === undefined || home.path === path)
    .flatMap(({ findings }) => findings)
    .filter((one) => one.damage !== undefined && (agent === undefined || one.agent === agent))
    .filter((one) => paths === null || fragments!.some((place) => isAbout(one, place)));
}

function isAbout({ damage, event, path }: Finding, place: FragmentPlace): boolean {
  if (path !== place.path) return false;
  const { window } = place;
  if (window === undefined || damage === undefined) return true;
  if (event !== undefined && event.sessionId !== window.sessionId) return false;
  return window.fromSeq <= damage.seq && damage.seq <= window.toSeq;
}

function foundText(problems: number, notes: number): string {
  if (problems > 0)
    return `${count(problems, "problem")}${notes === 0 ? "" : ` and ${count(notes, "note")}`} in transcripts.`;
  return notes === 0 ? "No damage in any transcript." : `No damage in any transcript, ${count(notes, "note")}.`;
}

export function registerDeepCheck(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.deepCheck, (params, token) =>
    deepCheck(host(), params, signalOf(token), (progress) => tell(connection, Notice.deepChecking, progress)),
  );
}
