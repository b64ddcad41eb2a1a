/** How each node of the Sessions view looks. */
import * as vscode from "vscode";

import type { Item, TooltipLine } from "../../../protocol/items.ts";
import { Command, RowWord } from "../../contributions.ts";
import { counted } from "../../counting.ts";
import { ago } from "../../relative-time.ts";
import {
  agentIcon,
  checkpointsIcon,
  environmentIcon,
  fragmentIcon,
  homeIcon,
  moreIcon,
  sessionIcon,
  troubleIcon,
  unattributedIcon,
} from "../icons.ts";
import type {
  AgentNode,
  CheckpointsNode,
  EnvironmentNode,
  FragmentNode,
  HomeNode,
  MoreNode,
  SessionNode,
  SessionsNode,
  TroubleNode,
  UnattributedNode,
} from "./nodes.ts";

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** Few enough to show what they hold at once. */
const EXPANDED_HOMES = 3;
const EXPANDED_AGENTS = 2;

interface Row {
  readonly label: string;
  readonly description: string;
  readonly icon: vscode.ThemeIcon;
  readonly state: vscode.TreeItemCollapsibleState;
  readonly words: readonly string[];
  /** What a screen reader says after label and description. */
  readonly spoken?: string;
  readonly command?: vscode.Command;
}

const SPOKEN_WORST = { error: "has errors", warning: "has warnings", info: "" } as const;

const spokenWorst = ({ worst }: Item): string => (worst === null ? "" : SPOKEN_WORST[worst]);

const withTime = (description: string, at: number | null, now: number): string =>
  [description, at === null ? "" : ago(at, now)].filter((part) => part !== "").join(" · ");

function environmentRow({ warning }: EnvironmentNode): Row {
  return {
    label: "HOME belongs to an agent",
    description: warning.home.path,
    icon: environmentIcon(),
    state: None,
    words: [RowWord.environment],
    spoken: warning.message,
    command: { title: "Where State Lives", command: Command.openGuide },
  };
}

function homeRow({ home, parent }: HomeNode, siblings: number): Row {
  const open = parent === undefined && siblings <= EXPANDED_HOMES;
  const empty = home.agents.length === 0;
  return {
    label: home.label,
    description: home.description,
    icon: homeIcon(home),
    state: empty ? None : open ? Expanded : Collapsed,
    words: [RowWord.home, home.canonical === null ? "" : RowWord.comparable],
    spoken: spokenWorst(home),
  };
}

function agentRow({ agent, matches, parent }: AgentNode): Row {
  const siblings = parent?.kind === "home" ? parent.home.agents.length : 0;
  const canonical = parent?.parent === undefined;
  const empty = agent.sessions + agent.unattributed + agent.troubles.length === 0;
  return {
    label: agent.label,
    description: matches === undefined ? agent.description : counted(matches, "match", "matches"),
    icon: agentIcon(agent),
    state: empty ? None : canonical && siblings <= EXPANDED_AGENTS ? Expanded : Collapsed,
    words: [RowWord.agent],
    spoken: spokenWorst(agent),
  };
}

function troubleRow(node: TroubleNode): Row {
  const { file, findingId, text, worst } = node.trouble;
  return {
    label: file.path.replace(/^.*[\\/]/, ""),
    description: text,
    icon: troubleIcon(worst),
    state: None,
    words: [RowWord.place],
    ...(findingId === null
      ? {}
      : { command: { title: "Explain Finding", command: Command.explainFinding, arguments: [node] } }),
  };
}

function unattributedRow({ count }: UnattributedNode): Row {
  return {
    label: "Unattributed",
    description: `${counted(count, "chain")} without a known session key`,
    icon: unattributedIcon(),
    state: Collapsed,
    words: [RowWord.group],
  };
}

function sessionRow({ session }: SessionNode, now: number): Row {
  return {
    label: session.label,
    description: withTime(session.description, session.updatedAt, now),
    icon: sessionIcon(session),
    state: session.fragments + session.checkpoints > 0 ? Collapsed : None,
    words: [
      RowWord.session,
      session.key === null ? "" : RowWord.keyed,
      session.headerId === null ? "" : RowWord.identified,
      session.hasCanonical ? RowWord.comparable : "",
    ],
    spoken: spokenWorst(session),
  };
}

function fragmentRow(node: FragmentNode): Row {
  const { fragment } = node;
  return {
    label: fragment.label,
    description: fragment.description,
    icon: fragmentIcon(fragment),
    state: None,
    words: [
      RowWord.fragment,
      fragment.headerId === null ? "" : RowWord.identified,
      fragment.hasCanonical ? RowWord.comparable : "",
      fragment.window === null && !fragment.now ? RowWord.archive : "",
    ],
    spoken: spokenWorst(fragment),
    command: { title: "Open Transcript", command: Command.openTranscript, arguments: [node] },
  };
}

function checkpointsRow({ session }: CheckpointsNode): Row {
  return {
    label: "Copies",
    description: `${counted(session.checkpoints, "copy", "copies")} beside the chain: checkpoints, and files that a database took over`,
    icon: checkpointsIcon(),
    state: Collapsed,
    words: [RowWord.group],
  };
}

function moreRow(node: MoreNode): Row {
  return {
    label: "Show more…",
    description: `${node.shown.toLocaleString("en")} of ${counted(node.total, node.noun)} shown`,
    icon: moreIcon(),
    state: None,
    words: [],
    command: { title: "Show more", command: Command.showMore, arguments: [node] },
  };
}

function rowOf(node: SessionsNode, now: number, homes: number): Row {
  switch (node.kind) {
    case "environment":
      return environmentRow(node);
    case "home":
      return homeRow(node, homes);
    case "agent":
      return agentRow(node);
    case "unattributed":
      return unattributedRow(node);
    case "trouble":
      return troubleRow(node);
    case "session":
      return sessionRow(node, now);
    case "fragment":
      return fragmentRow(node);
    case "checkpoints":
      return checkpointsRow(node);
    case "more":
      return moreRow(node);
  }
}

export interface RowContext {
  /** Milliseconds since the epoch: relative times count from here. */
  readonly now: number;
  /** Homes on the top level. */
  readonly homes: number;
  readonly filtered: boolean;
}

/** Its tooltip is made only when someone points at the row: `tooltipLines`. */
export function treeItemOf(node: SessionsNode, { now, homes, filtered }: RowContext): vscode.TreeItem {
  const row = rowOf(node, now, homes);
  const branch = filtered && (node.kind === "home" || node.kind === "agent" || node.kind === "unattributed");
  const item = new vscode.TreeItem(row.label, branch && row.state === Collapsed ? Expanded : row.state);
  // Under a filter all branches stand open; names of their own keep that from changing how the unfiltered tree stands.
  item.id = filtered ? `filtered ${node.id}` : node.id;
  item.description = row.description;
  item.iconPath = row.icon;
  item.contextValue = row.words.filter((word) => word !== "").join(" ");
  item.accessibilityInformation = {
    label: [row.label, row.description, row.spoken ?? ""].filter((part) => part !== "").join(", "),
  };
  if (row.command !== undefined) item.command = row.command;
  return item;
}

export function tooltipLines(node: SessionsNode): readonly TooltipLine[] {
  switch (node.kind) {
    case "environment":
      return [{ name: null, text: node.warning.message }];
    case "home":
      return node.home.tooltip;
    case "agent":
      return node.agent.tooltip;
    case "trouble":
      return [{ name: node.trouble.file.path, text: node.trouble.text }];
    case "session":
      return node.session.tooltip;
    case "fragment":
      return node.fragment.tooltip;
    case "unattributed":
      return [{ name: null, text: "Transcripts that no evidence ties to a session key. Each says why." }];
    case "checkpoints":
      return [
        { name: null, text: "Copies of a transcript from before a compaction. They are not links of the chain." },
      ];
    case "more":
      return [{ name: null, text: "Shows the next ones. A filter finds them faster." }];
  }
}
