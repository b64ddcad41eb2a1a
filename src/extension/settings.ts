/** The settings as the server wants them. VS Code leaves out what an untrusted workspace may not set. */
import * as vscode from "vscode";

import type { Settings } from "../protocol/settings.ts";
import { SECTION, Setting } from "./contributions.ts";

export function currentSettings(): Settings {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const homes = settings.get<string[]>(Setting.homes);
  const discoverUserHomes = settings.get<boolean>(Setting.discoverUserHomes);
  const warnAfterSeconds = settings.get<number>(Setting.warnAfterSeconds);
  const autoClean = settings.get<boolean>(Setting.autoClean);
  const quietSeconds = settings.get<number>(Setting.quietSeconds);
  const rescanSeconds = settings.get<number>(Setting.rescanSeconds);
  const usePolling = settings.get<boolean>(Setting.usePolling);
  return {
    ...(homes === undefined ? {} : { homes }),
    ...(discoverUserHomes === undefined ? {} : { discoverUserHomes }),
    locks: {
      ...(warnAfterSeconds === undefined ? {} : { warnAfterSeconds }),
      ...(autoClean === undefined ? {} : { autoClean }),
    },
    ...(quietSeconds === undefined ? {} : { repairs: { quietSeconds } }),
    ...(rescanSeconds === undefined ? {} : { rescanSeconds }),
    ...(usePolling === undefined ? {} : { usePolling }),
  };
}
