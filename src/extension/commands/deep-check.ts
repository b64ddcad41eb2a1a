/** Deep Check…: reads transcripts whole, of all homes, of one, of an agent or of a session. */
import * as vscode from "vscode";

import type { DeepCheckParams } from "../../protocol/deep-check.ts";
import { Method } from "../../protocol/methods.ts";
import { View } from "../contributions.ts";
import { pickSession } from "./picks.ts";
import type { Handler, Services } from "./services.ts";
import { rowOf, sessionFor } from "./targets.ts";

type Aim = Omit<DeepCheckParams, "checkId">;

interface Choice extends vscode.QuickPickItem {
  /** Absent for the row that lets the person choose a session. */
  readonly aim?: Aim;
}

/** What the row stands for; undefined where the person has to be asked. */
async function aimOf(services: Services, argument: unknown): Promise<Aim | undefined> {
  const row = rowOf(argument, services);
  if (row?.kind === "home") return { homeId: row.home.id };
  if (row?.kind === "agent") return { homeId: row.agent.homeId, agent: row.agent.name };
  if (row !== undefined || argument instanceof vscode.Uri) {
    const session = await sessionFor(services, argument, "Deep Check");
    return session === undefined ? undefined : { session: session.ref };
  }
  return pickAim(services);
}

async function pickAim({ catalogue }: Services): Promise<Aim | undefined> {
  const homes = catalogue.overview?.homes ?? [];
  const choices: Choice[] = [
    { label: "All Homes", description: `${homes.length}`, iconPath: new vscode.ThemeIcon("checklist"), aim: {} },
    { label: "A Session…", iconPath: new vscode.ThemeIcon("comment-discussion") },
    ...homes.flatMap(({ agents, description, id, label, path }): Choice[] => [
      { label, description, detail: path, aim: { homeId: id } },
      ...agents.map((agent) => ({
        label: `${label}: ${agent.label}`,
        description: agent.description,
        detail: path,
        aim: { homeId: id, agent: agent.name },
      })),
    ]),
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: "Deep Check",
    placeHolder: "Read every byte of the transcripts of…",
    matchOnDetail: true,
  });
  if (chosen === undefined || chosen.aim !== undefined) return chosen?.aim;
  const session = await pickSession(catalogue, "Deep Check");
  return session === undefined ? undefined : { session: session.ref };
}

const SHOW = "Show Findings";
let runs = 0;

export const deepCheck =
  (services: Services): Handler =>
  async (argument) => {
    const aim = await aimOf(services, argument);
    if (aim === undefined) return;
    const { link } = services;
    runs += 1;
    const checkId = `deep-check-${runs}`;
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "Deep check", cancellable: true },
      async (progress, token) => {
        let reached = 0;
        const following = link.onDeepChecking(({ bytes, checkId: id, ofBytes, text }) => {
          if (id !== checkId) return;
          const percent = ofBytes === 0 ? 0 : Math.min(100, (100 * bytes) / ofBytes);
          progress.report({ message: text, increment: Math.max(0, percent - reached) });
          reached = Math.max(reached, percent);
        });
        try {
          return await link.request(Method.deepCheck, { checkId, ...aim }, token);
        } finally {
          following.dispose();
        }
      },
    );
    const buttons = answer.problems + answer.notes === 0 ? [] : [SHOW];
    // The notification stays until the person has read it; the command is done.
    void vscode.window.showInformationMessage(answer.summary, ...buttons).then((chosen) => {
      if (chosen === SHOW) void vscode.commands.executeCommand(`${View.findings}.focus`);
    });
  };
