/** Asks which session, finding or home is meant, for commands that were started without one. */
import * as vscode from "vscode";

import type { FindingItem } from "../../protocol/findings.ts";
import { Method } from "../../protocol/methods.ts";
import type { AgentItem, HomeItem } from "../../protocol/overview.ts";
import type { SessionItem } from "../../protocol/sessions.ts";
import type { Catalogue } from "../catalogue.ts";
import { ago } from "../relative-time.ts";
import { agentIcon, homeIcon, sessionIcon, severityIcon } from "../views/icons.ts";

interface Choice<Value> extends vscode.QuickPickItem {
  /** Absent in the row that says that there is nothing to choose. */
  readonly value?: Value;
}

interface Search<Value> {
  readonly title: string;
  readonly placeholder: string;
  /** Stands in the list when nothing was found. */
  readonly none: string;
  /** Choices for what was typed, the best first. */
  readonly find: (query: string) => Promise<readonly Choice<Value>[]>;
}

/** Rows that a person can look through; more are found by typing. */
const MOST = 200;
const TYPING_MS = 120;

/** Lets the server search while someone types; undefined when they leave. Rejects when it can't search. */
function pickFrom<Value>({ title, placeholder, none, find }: Search<Value>): Promise<Value | undefined> {
  const picker = vscode.window.createQuickPick<Choice<Value>>();
  picker.title = title;
  picker.placeholder = placeholder;
  let typing: NodeJS.Timeout | undefined;
  let newest = 0;
  const search = async (): Promise<void> => {
    const mine = ++newest;
    picker.busy = true;
    const choices = await find(picker.value);
    if (mine !== newest) return;
    const rows = choices.length === 0 ? [{ label: none }] : choices;
    // The server decided what matches; the picker's own filter would hide matches in what it does not show.
    picker.items = rows.map((choice) => ({ ...choice, alwaysShow: true }));
    picker.busy = false;
  };
  return new Promise((resolve, reject) => {
    const searchOrLeave = (): void =>
      void search().catch((error: unknown) => {
        reject(error);
        picker.hide();
      });
    picker.onDidChangeValue(() => {
      clearTimeout(typing);
      typing = setTimeout(searchOrLeave, TYPING_MS);
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.value);
      picker.hide();
    });
    picker.onDidHide(() => {
      clearTimeout(typing);
      newest += 1;
      resolve(undefined);
      picker.dispose();
    });
    searchOrLeave();
    picker.show();
  });
}

function sessionChoice(session: SessionItem, homeLabel: string): Choice<SessionItem> {
  const when = session.updatedAt === null ? "" : ` · ${ago(session.updatedAt, Date.now())}`;
  return {
    label: session.label,
    description: `${session.description}${when}`,
    detail: [session.key ?? session.headerId ?? "", homeLabel].filter((part) => part !== "").join("  ·  "),
    iconPath: sessionIcon(session),
    value: session,
  };
}

/** Asks for one of the sessions of all homes; `only` narrows them. */
export function pickSession(
  catalogue: Catalogue,
  title: string,
  only: (session: SessionItem) => boolean = () => true,
): Promise<SessionItem | undefined> {
  return pickFrom({
    title,
    placeholder: "Session key, title, id or file name",
    none: "$(circle-slash) No session matches",
    find: async (query) => {
      const { sessions } = await catalogue.ask(Method.findSessions, { query, limit: MOST });
      return sessions.filter(only).map((session) => sessionChoice(session, session.homeLabel));
    },
  });
}

export const pickFinding = (catalogue: Catalogue, title: string): Promise<FindingItem | undefined> =>
  pickFindingOf(catalogue, title, () => true);

/** Asks for a finding for which a repair is offered. */
export const pickRepairable = (catalogue: Catalogue, title: string): Promise<FindingItem | undefined> =>
  pickFindingOf(catalogue, title, ({ repairs }) => repairs.length > 0);

function pickFindingOf(
  catalogue: Catalogue,
  title: string,
  only: (finding: FindingItem) => boolean,
): Promise<FindingItem | undefined> {
  return pickFrom({
    title,
    placeholder: "Code, message or path",
    none: "$(pass) No finding matches",
    find: async (filter) => {
      const page = await catalogue.askNewest(Method.findings, { filter, offset: 0, limit: MOST });
      return page.findings.filter(only).map((finding) => ({
        label: finding.label,
        description: finding.description,
        detail: finding.message,
        iconPath: severityIcon(finding.severity),
        value: finding,
      }));
    },
  });
}

/** Asks for a home; without asking when only one qualifies. Undefined also when none does. */
export async function pickHome(
  catalogue: Catalogue,
  title: string,
  only: (home: HomeItem) => boolean = () => true,
): Promise<HomeItem | undefined> {
  const homes = (catalogue.overview?.homes ?? []).filter(only);
  if (homes.length <= 1) return homes[0];
  const choices = homes.map((home) => ({
    label: home.label,
    description: home.description,
    detail: home.path,
    iconPath: homeIcon(home),
    value: home,
  }));
  return (await vscode.window.showQuickPick(choices, { title, matchOnDetail: true }))?.value;
}

/** Asks for an agent; without asking when there is only one. */
export async function pickAgent(catalogue: Catalogue, title: string): Promise<AgentItem | undefined> {
  const homes = catalogue.overview?.homes ?? [];
  const choices = homes.flatMap((home) =>
    home.agents.map((agent) => ({
      label: agent.label,
      description: agent.description,
      detail: home.path,
      iconPath: agentIcon(agent),
      value: agent,
    })),
  );
  if (choices.length <= 1) return choices[0]?.value;
  return (await vscode.window.showQuickPick(choices, { title, matchOnDetail: true }))?.value;
}
