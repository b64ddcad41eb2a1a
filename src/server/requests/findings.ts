/** Answers `findings`. */
import type { Connection } from "vscode-languageserver/node";

import { severityRank } from "../../engine/lookup.ts";
import type { Finding } from "../../model/finding.ts";
import type { FindingsPage, FindingsParams } from "../../protocol/findings.ts";
import { Method } from "../../protocol/methods.ts";
import { homeOrRefuse, pageOf, snapshotOf } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { findingItem } from "../items/finding-item.ts";
import { findingCounts } from "../items/texts.ts";
import { answer } from "./register.ts";

function matches({ code, message, path, sessionKey }: Finding, filter: string): boolean {
  const haystack = [code, message, path, sessionKey ?? ""].join("\n").toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

export function findings(host: EngineHost, params: FindingsParams): FindingsPage {
  const snapshot = snapshotOf(host, params.revision);
  const homes = params.homeId === undefined ? snapshot.homes : [homeOrRefuse(snapshot, params.homeId)];
  const matching = homes.flatMap((home) =>
    home.findings.filter((one) => matches(one, params.filter ?? "")).map((finding) => ({ home, finding })),
  );
  const wanted = params.severities;
  const chosen = matching
    .filter(({ finding }) => wanted === undefined || wanted.includes(finding.severity))
    .toSorted((a, b) => severityRank(a.finding.severity) - severityRank(b.finding.severity));
  return {
    revision: snapshot.revision,
    total: chosen.length,
    counts: findingCounts(matching.map((one) => one.finding)),
    offset: params.offset,
    findings: pageOf(chosen, params.offset, params.limit).map(({ home, finding }) =>
      findingItem(home, finding, host.userHome),
    ),
  };
}

export function registerFindings(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.findings, (params) => findings(host(), params));
}
