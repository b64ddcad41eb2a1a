/** Timelines: one panel for each agent, following what happens, and the ways out of it. */
import * as vscode from "vscode";

import { Method } from "../../protocol/methods.ts";
import type { SessionRef } from "../../protocol/sessions.ts";
import type { FromTimelineView, TimelineDrawn, ToTimelineView } from "../../protocol/timeline-view.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Conversations } from "../conversations/conversations.ts";
import { Command } from "../contributions.ts";
import { pageRoots, timelinePage } from "./page.ts";

export interface TimelineSubject {
  readonly homeId: string;
  readonly agent: string;
  /** The session whose lane is to be seen first. */
  readonly session: string | null;
}

const VIEW_TYPE = "sessionForensics.timeline";

/** One agent's picture. */
class TimelinePanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #services: Services;
  readonly #subject: TimelineSubject;
  #focus: string | null;
  #isReady = false;
  #isAsking = false;
  /** Something may have changed since it was asked for last. */
  #isBehind = false;
  #isGone = false;
  drawn: TimelineDrawn | undefined;

  constructor(services: Services, subject: TimelineSubject, panel: vscode.WebviewPanel) {
    const { extension } = services;
    this.#services = services;
    this.#subject = subject;
    this.#focus = subject.session;
    this.#panel = panel;
    this.#panel.webview.options = { enableScripts: true, localResourceRoots: pageRoots(extension) };
    this.#panel.webview.onDidReceiveMessage((message: FromTimelineView) => {
      this.#receive(message).catch((error: unknown) => void vscode.window.showErrorMessage(reasonOf(error)));
    });
    this.#panel.onDidDispose(() => {
      this.#isGone = true;
    });
    this.#panel.webview.html = timelinePage(this.#panel.webview, extension);
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  reveal(session: string | null): void {
    this.#panel.reveal();
    this.#focus = session;
    void this.refresh();
  }

  /** Asks again for what is shown, as long as somebody sees it. */
  async refresh(): Promise<void> {
    this.#isBehind = true;
    if (!this.#isReady || this.#isAsking) return;
    this.#isAsking = true;
    while (this.#isBehind && !this.#isGone && this.#panel.visible) {
      this.#isBehind = false;
      await this.#ask();
    }
    this.#isAsking = false;
  }

  /** Never rejects. */
  async #ask(): Promise<void> {
    const { agent, homeId } = this.#subject;
    const subject = { homeId, agent };
    try {
      const timeline = await this.#services.catalogue.ask(Method.timeline, subject);
      this.#post({ type: "timeline", timeline, subject, now: Date.now(), focus: this.#focus });
      this.#focus = null;
    } catch (error) {
      this.#post({ type: "gone", reason: reasonOf(error) });
    }
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #post(message: ToTimelineView): void {
    if (this.#isGone) return;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's own, which knows one receiver
    void this.#panel.webview.postMessage(message);
  }

  /** The page is ours, but what it shows is not: each message is one of the known kinds, or nothing happens. */
  async #receive(message: FromTimelineView): Promise<void> {
    switch (message.type) {
      case "ready":
        // A page that was hidden is made anew when it is seen again.
        this.#isReady = true;
        return this.refresh();
      case "wanted":
        return this.#tellDetails(message.session);
      case "openChain":
        return this.#openChain(message.session, message.fragment, message.label);
      case "openPlace":
        return void vscode.commands.executeCommand(Command.openPlace, { uri: message.uri, line: message.line });
      case "save":
        return save(message.svg, message.name);
      case "drawn":
        this.drawn = message.drawn;
    }
  }

  async #tellDetails(session: SessionRef): Promise<void> {
    try {
      const details = await this.#services.catalogue.ask(Method.timelineDetails, { session });
      this.#post({ type: "details", details });
    } catch {
      // The session is gone, or its transcripts can't be read: the lane shows what is known without them.
    }
  }

  async #openChain(session: SessionRef, fragment: string, label: string): Promise<void> {
    const { catalogue, conversations } = this.#services;
    const item = await catalogue.ask(Method.session, { session });
    const isNewest = label === "now";
    await conversations.open({ session, upTo: isNewest ? null : fragment }, item.label, label);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where a picture is put; kept as it was sent: with its colours, without anything of the page. */
async function save(svg: string, name: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const file = `${name}.svg`;
  const target = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, file) }),
    filters: { "SVG picture": ["svg"] },
    title: "Export Timeline",
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(svg));
}

interface Services {
  readonly catalogue: Catalogue;
  readonly conversations: Conversations;
  readonly extension: vscode.Uri;
}

const keyOf = ({ agent, homeId }: TimelineSubject): string => `${homeId}\n${agent}`;

/** Undefined for what is no subject: it comes from a page. */
function subjectOf(kept: unknown): TimelineSubject | undefined {
  if (typeof kept !== "object" || kept === null || !("homeId" in kept && "agent" in kept)) return undefined;
  const { agent, homeId } = kept;
  return typeof agent === "string" && typeof homeId === "string" ? { homeId, agent, session: null } : undefined;
}

export class Timelines implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #services: Services;
  readonly #panels = new Map<string, TimelinePanel>();
  readonly #following: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#following = vscode.Disposable.from(
      services.catalogue.onDidChangeContent(() => {
        for (const panel of this.#panels.values()) void panel.refresh();
      }),
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
    );
  }

  /** A panel of a window that was loaded anew: its page has kept what it was of. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Thenable<void> {
    const subject = subjectOf(kept);
    if (subject === undefined) panel.dispose();
    else this.#keep(subject, panel);
    return Promise.resolve();
  }

  show(subject: TimelineSubject): void {
    const known = this.#panels.get(keyOf(subject));
    if (known !== undefined) return known.reveal(subject.session);
    const title = `Timeline of ${subject.agent}`;
    this.#keep(subject, vscode.window.createWebviewPanel(VIEW_TYPE, title, vscode.ViewColumn.Active));
  }

  /** What open timelines have drawn. */
  get drawn(): readonly TimelineDrawn[] {
    return [...this.#panels.values()].flatMap(({ drawn }) => drawn ?? []);
  }

  #keep(subject: TimelineSubject, shownIn: vscode.WebviewPanel): void {
    const panel = new TimelinePanel(this.#services, subject, shownIn);
    this.#panels.set(keyOf(subject), panel);
    panel.onDidDispose(() => this.#panels.delete(keyOf(subject)));
  }

  dispose(): void {
    this.#following.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }
}
