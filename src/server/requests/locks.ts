/** Answers `locks`. */
import type { Connection } from "vscode-languageserver/node";

import { byUrgency } from "../../engine/present/locks.ts";
import type { LocksAnswer, LocksParams } from "../../protocol/locks.ts";
import { Method } from "../../protocol/methods.ts";
import { homeOrRefuse, snapshotOf } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { lockItem } from "../items/lock-item.ts";
import { answer } from "./register.ts";

export function locks(host: EngineHost, { revision, homeId }: LocksParams): LocksAnswer {
  const snapshot = snapshotOf(host, revision);
  const homes = homeId === undefined ? snapshot.homes : [homeOrRefuse(snapshot, homeId)];
  return {
    revision: snapshot.revision,
    locks: homes
      .flatMap((home) => home.locks.map((lock) => ({ home, lock })))
      .toSorted((a, b) => byUrgency(a.lock, b.lock))
      .map(({ home, lock }) => lockItem(home, lock, host.userHome)),
  };
}

export function registerLocks(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.locks, (params) => locks(host(), params));
}
