/** Answers `overview` and `refresh`. */
import type { Connection } from "vscode-languageserver/node";

import { healthySentence, pendingStage } from "../../engine/present/homes.ts";
import { escaped } from "../../engine/present/names.ts";
import { allSkipped } from "../../engine/scan-document.ts";
import { Method } from "../../protocol/methods.ts";
import type { Overview } from "../../protocol/overview.ts";
import { newest } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { countsOf, homeItems } from "../items/home-item.ts";
import { fileTarget } from "../paths.ts";
import { answer } from "./register.ts";

export function overview(host: EngineHost): Overview {
  const snapshot = newest(host);
  return {
    revision: snapshot.revision,
    at: host.snapshot === null ? null : snapshot.at,
    scanning: host.scanning,
    pending: pendingStage(snapshot.homes.flatMap(({ agents }) => agents)),
    environment: snapshot.environment.map(({ message, home, canonicalPath }) => ({
      message: escaped(message),
      home: fileTarget(home),
      canonical: fileTarget(canonicalPath),
    })),
    homes: homeItems(snapshot, host.userHome),
    counts: countsOf(snapshot.homes),
    healthy: healthySentence(snapshot),
    skipped: allSkipped(snapshot),
  };
}

export function registerOverview(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.overview, () => overview(host()));
  answer(connection, Method.refresh, async () => ({ revision: (await host().scan()).revision }));
}
