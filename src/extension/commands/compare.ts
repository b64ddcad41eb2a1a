/** Compare with Canonical: something of a shadow home beside its canonical counterpart, in the editor's diff. */
import * as vscode from "vscode";

import type { CompareParams } from "../../protocol/documents.ts";
import { Method } from "../../protocol/methods.ts";
import type { HomeItem } from "../../protocol/overview.ts";
import { pickHome, pickSession } from "./picks.ts";
import type { Handler, Services } from "./services.ts";
import type { Row } from "./targets.ts";
import { rowOf } from "./targets.ts";

const TITLE = "Compare with Canonical";

function paramsOfRow(row: Row | undefined): CompareParams | undefined {
  switch (row?.kind) {
    case "home":
      return row.home.canonical === null ? undefined : { homeId: row.home.id };
    case "session":
      return { homeId: row.session.ref.homeId, session: row.session.ref };
    case "fragment":
      return { homeId: row.fragment.session.homeId, place: row.fragment.id };
    case "finding": {
      const { homeId, session } = row.finding;
      return session === null ? { homeId } : { homeId, session };
    }
    default:
      return undefined;
  }
}

async function paramsOfFile({ catalogue }: Services, uri: vscode.Uri): Promise<CompareParams | undefined> {
  const located = await catalogue.ask(Method.locate, { uri: uri.toString() });
  return located?.hasCanonical ? { homeId: located.homeId, place: located.path } : undefined;
}

const isShadow = ({ canonical }: HomeItem): boolean => canonical !== null;

async function pickParams({ catalogue }: Services): Promise<CompareParams | undefined> {
  if (!catalogue.overview?.homes.some(isShadow)) {
    void vscode.window.showInformationMessage("No shadow or nested home was found: there is nothing to compare.");
    return undefined;
  }
  const home = await pickHome(catalogue, TITLE, isShadow);
  if (home === undefined) return undefined;
  const whole = { label: "The stores", description: "which sessions each side knows", one: false };
  const single = { label: "One session…", description: "its newest transcript on both sides", one: true };
  const answer = await vscode.window.showQuickPick([whole, single], { title: `${TITLE}: ${home.label}` });
  if (answer === undefined) return undefined;
  if (!answer.one) return { homeId: home.id };
  const session = await pickSession(catalogue, TITLE, (one) => one.ref.homeId === home.id && one.hasCanonical);
  return session === undefined ? undefined : { homeId: home.id, session: session.ref };
}

export const compareWithCanonical =
  (services: Services): Handler =>
  async (argument) => {
    const params =
      (argument instanceof vscode.Uri
        ? await paramsOfFile(services, argument)
        : paramsOfRow(rowOf(argument, services))) ?? (await pickParams(services));
    if (params === undefined) return;
    const { canonical, shadow, title } = await services.catalogue.ask(Method.compareWithCanonical, params);
    const sides = [canonical, shadow].map(({ uri }) => vscode.Uri.parse(uri));
    await vscode.commands.executeCommand("vscode.diff", ...sides, title);
  };
