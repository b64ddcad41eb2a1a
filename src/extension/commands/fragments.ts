/** Commands on one fragment of a chain: make an archive usable again, say what comes before it. */
import * as vscode from "vscode";

import type { FragmentItem } from "../../protocol/fragments.ts";
import { Method } from "../../protocol/methods.ts";
import type { SessionItem } from "../../protocol/sessions.ts";
import { MOST_AT_ONCE } from "../../protocol/pages.ts";
import { pickSession } from "./picks.ts";
import { planFor, showPlans } from "./repair.ts";
import type { Handler, Services } from "./services.ts";
import { rowOf } from "./targets.ts";

/** The fragments of a session, for a person to pick one. */
async function pickFragment(
  { catalogue }: Services,
  session: SessionItem,
  title: string,
  only: (fragment: FragmentItem) => boolean,
): Promise<FragmentItem | undefined> {
  const params = { session: session.ref, group: "chain", offset: 0, limit: MOST_AT_ONCE } as const;
  const { fragments } = await catalogue.askNewest(Method.fragments, params);
  const rows = fragments.filter(only).map((fragment) => ({
    label: fragment.label,
    description: fragment.description,
    detail: fragment.place,
    fragment,
  }));
  if (rows.length === 0) {
    void vscode.window.showInformationMessage("This session has no such part.");
    return undefined;
  }
  return (await vscode.window.showQuickPick(rows, { title, matchOnDetail: true }))?.fragment;
}

/** The fragment that the argument means; without one the person is asked for a session and a part of it. */
async function fragmentFor(
  services: Services,
  argument: unknown,
  title: string,
  only: (fragment: FragmentItem) => boolean,
): Promise<FragmentItem | undefined> {
  const row = rowOf(argument, services);
  if (row?.kind === "fragment") return row.fragment;
  const session =
    row?.kind === "session"
      ? row.session
      : await pickSession(services.catalogue, title, ({ fragments }) => fragments > 0);
  return session === undefined ? undefined : pickFragment(services, session, title, only);
}

const isFile = ({ window }: FragmentItem): boolean => window === null;
const isArchive = (fragment: FragmentItem): boolean => isFile(fragment) && !fragment.now;

export const restoreArchive =
  (services: Services): Handler =>
  async (argument) => {
    const fragment = await fragmentFor(services, argument, "Restore Archive", isArchive);
    if (fragment === undefined) return;
    const subject = { homeId: fragment.session.homeId, place: fragment.place };
    await planFor(services, subject, "Restore Archive", ["restore-beside", "restore-as-current"]);
  };

const FIRST: vscode.QuickPickItem = { label: "$(circle-slash) Nothing comes before it" };
const OTHER: vscode.QuickPickItem = { label: "$(search) Another part…", description: "of any session of this agent" };
const KEY: vscode.QuickPickItem = { label: "$(key) It belongs to a session key…" };
const BACK: vscode.QuickPickItem = { label: "$(discard) Take back what was said by hand" };

interface Said extends vscode.QuickPickItem {
  readonly choice?: string;
}

/** What the person says of the fragment: a choice of the repair "link", or null to take it back. Undefined when they leave. */
async function askPredecessor(services: Services, fragment: FragmentItem): Promise<string | null | undefined> {
  const subject = { homeId: fragment.session.homeId, place: fragment.place };
  const { offers } = await services.catalogue.ask(Method.repairOffers, { subject, repairs: ["link"] });
  const choices = offers.flatMap((one) => one.choices);
  const rows: Said[] = choices.map(({ id, label, detail }) => ({ label, detail, choice: id }));
  const answer = await vscode.window.showQuickPick<Said>([...rows, OTHER, FIRST, KEY, BACK], {
    title: `What comes before ${fragment.label}?`,
    matchOnDetail: true,
  });
  if (answer === undefined || answer.choice !== undefined) return answer?.choice;
  if (answer === FIRST) return "first";
  if (answer === BACK) return null;
  return answer === KEY ? typedKey() : otherPart(services, fragment);
}

async function typedKey(): Promise<string | undefined> {
  const key = await vscode.window.showInputBox({ title: "Session key", placeHolder: "agent:main:main" });
  return key === undefined || key.trim() === "" ? undefined : `key:${key.trim()}`;
}

async function otherPart(services: Services, { session, place }: FragmentItem): Promise<string | undefined> {
  const title = "What comes before it?";
  const ofAgent = ({ ref }: SessionItem): boolean => ref.homeId === session.homeId && ref.agent === session.agent;
  const other = await pickSession(services.catalogue, title, ofAgent);
  const part =
    other === undefined
      ? undefined
      : await pickFragment(services, other, title, (one) => isArchive(one) && one.place !== place);
  return part === undefined ? undefined : `after:${part.place}`;
}

export const setPredecessor =
  (services: Services): Handler =>
  async (argument) => {
    const fragment = await fragmentFor(services, argument, "Set Predecessor", isFile);
    if (fragment === undefined) return;
    const said = await askPredecessor(services, fragment);
    if (said === undefined) return;
    const subject = { homeId: fragment.session.homeId, place: fragment.place };
    await showPlans(
      services,
      said === null ? { subject, repair: "unlink" } : { subject, repair: "link", choice: said },
    );
  };
