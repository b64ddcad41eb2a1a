/** Answers `recoveryEnvironment`: how a terminal must be set up so that recovery commands meet the canonical home. */
import type { Connection } from "vscode-languageserver/node";

import { homePath } from "../../engine/present/homes.ts";
import { escaped } from "../../engine/present/names.ts";
import { recoveryEnvironment, recoveryHome, type VariableChange } from "../../engine/recovery-environment.ts";
import { Refusal } from "../../protocol/errors.ts";
import { Method } from "../../protocol/methods.ts";
import type { RecoveryEnvironment, RecoveryEnvironmentParams } from "../../protocol/recovery.ts";
import { homeOrRefuse, newest, refusal } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { answer } from "./register.ts";

const shown = (value: string | null): string => (value === null ? "not set" : escaped(value));

function changeSentence({ name, value, was }: VariableChange): string {
  return value === was ? `${name}: ${shown(value)}, as before` : `${name}: ${shown(value)} (was ${shown(was)})`;
}

export function recovery(host: EngineHost, { homeId }: RecoveryEnvironmentParams): RecoveryEnvironment {
  const snapshot = newest(host);
  const named = homeOrRefuse(snapshot, homeId).home;
  const home = recoveryHome(snapshot, named);
  if (home === undefined) {
    const message = `The canonical home ${named.canonicalPath ?? named.path} was not found: add it first.`;
    throw refusal(Refusal.refused, message, snapshot);
  }
  const variables = recoveryEnvironment(home, host);
  const told = variables.filter(({ value, was }) => value !== null || was !== null);
  return {
    home: home.path,
    label: escaped(homePath(home.path, host.userHome)),
    variables,
    note: [`Commands typed here work on ${escaped(home.path)}.`, ...told.map(changeSentence)],
  };
}

export function registerRecovery(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.recoveryEnvironment, (params) => recovery(host(), params));
}
