/** The language server: answers one client, over whatever connection it is given. */
import {
  CodeActionKind,
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import type { Connection, InitializeResult } from "vscode-languageserver/node";

import { Notice } from "../protocol/methods.ts";
import type { RepairedByItself } from "../protocol/repairs.ts";
import { DOCUMENT_PATTERNS, SETTINGS_SECTION } from "../protocol/settings.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { foldersOf, readClient } from "./client.ts";
import type { Client } from "./client.ts";
import { newest } from "./answers.ts";
import { Conversations } from "./conversation/conversations.ts";
import { DamageOfOpenTranscripts } from "./damage/open-transcripts.ts";
import { DiagnosticsPublisher } from "./diagnostics.ts";
import { findingPage } from "./documentation.ts";
import { EngineHost } from "./engine-host.ts";
import { registerCodeActions } from "./code-actions.ts";
import { registerHover } from "./hover.ts";
import { countsOf } from "./items/home-item.ts";
import { receiptAnswer } from "./items/receipt-item.ts";
import { lineOnDisk } from "./line-on-disk.ts";
import { LockCleaner } from "./lock-cleaner.ts";
import { OpenDocuments } from "./open-documents.ts";
import { pathOf } from "./paths.ts";
import type { ServerDependencies } from "./ports.ts";
import { registerCodeLenses } from "./reading/code-lenses.ts";
import { registerDefinition } from "./reading/definition.ts";
import { registerDocumentLinks } from "./reading/document-links.ts";
import { registerDocumentSymbols } from "./reading/document-symbols.ts";
import { registerFoldingRanges } from "./reading/folding-ranges.ts";
import type { ReadingContext } from "./reading/reading.ts";
import { LensRefresh } from "./reading/lens-refresh.ts";
import { registerReferences } from "./reading/references.ts";
import { RepairCounter } from "./repair-counter.ts";
import { registerCompare } from "./requests/compare.ts";
import { registerConversation } from "./requests/conversation.ts";
import { registerContents } from "./requests/contents.ts";
import { registerDeepCheck } from "./requests/deep-check.ts";
import { registerDocuments } from "./requests/documents.ts";
import { registerExplainError } from "./requests/explain-error.ts";
import { registerFindings } from "./requests/findings.ts";
import { registerFragments } from "./requests/fragments.ts";
import { registerLocks } from "./requests/locks.ts";
import { registerOverview } from "./requests/overview.ts";
import { registerRepairs } from "./requests/repairs.ts";
import { registerRecovery } from "./requests/recovery.ts";
import { tell } from "./requests/register.ts";
import { registerSearch } from "./requests/search.ts";
import { registerSessions } from "./requests/sessions.ts";
import { registerTimeline } from "./requests/timeline.ts";
import { registerTools } from "./requests/tools.ts";
import { readSettings } from "./settings.ts";
import type { ServerSettings } from "./settings.ts";

const CAPABILITIES: InitializeResult["capabilities"] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentLinkProvider: { resolveProvider: true },
  codeLensProvider: { resolveProvider: true },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** Diagnostics follow the text of a document once nobody has changed it for so long. */
const REFRESH_AFTER_MS = 300;

/** Everything that exists from `initialize` on. */
interface Running {
  readonly client: Client;
  readonly host: EngineHost;
  readonly counter: RepairCounter;
  readonly cleaner: LockCleaner;
  /** Absolute path of a ripgrep; null where there is none. */
  readonly ripgrep: () => Promise<string | null>;
}

class Server {
  readonly #connection: Connection;
  readonly #dependencies: ServerDependencies;
  readonly #documents: OpenDocuments;
  readonly #lenses: LensRefresh;
  readonly #conversations = new Conversations();
  #running: Running | undefined;
  #diagnostics: DiagnosticsPublisher | undefined;
  readonly #damage: DamageOfOpenTranscripts;
  readonly #refreshing = new Map<string, NodeJS.Timeout>();

  constructor(connection: Connection, dependencies: ServerDependencies) {
    this.#connection = connection;
    this.#dependencies = dependencies;
    this.#damage = new DamageOfOpenTranscripts(
      () => this.#run().host,
      (line) => this.#connection.console.log(line),
    );
    this.#lenses = new LensRefresh(() => {
      connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {
        // An editor that does not ask again shows what it has.
      });
    });
    this.#documents = new OpenDocuments({
      opened: (uri) => {
        this.#diagnostics?.refresh(uri);
        this.#damage.opened(uri);
      },
      changed: (uri) => this.#refreshSoon(uri),
      closed: (uri) => {
        this.#damage.closed(uri);
        this.#diagnostics?.refresh(uri);
      },
    });
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => {
      this.#start(readClient(params));
      return {
        capabilities: CAPABILITIES,
        serverInfo: { name: "session-forensics", version: this.#dependencies.version },
      };
    });
    connection.onInitialized(() => this.#guarded("starting", () => this.#begin()));
    connection.onShutdown(() => {
      for (const waiting of this.#refreshing.values()) clearTimeout(waiting);
      this.#damage.close();
      return this.#running?.host.close();
    });
    connection.onDidChangeConfiguration(({ settings }: { settings: unknown }) =>
      this.#guarded("reading the settings", () => this.#configured(settings)),
    );
    connection.onDidChangeWatchedFiles(({ changes }) =>
      this.#run().host.touched(changes.map(({ uri }) => pathOf(uri)).filter((one) => one !== null)),
    );
    this.#documents.register(connection);
    const host = (): EngineHost => this.#run().host;
    const features = [
      registerOverview,
      registerSessions,
      registerFragments,
      registerLocks,
      registerFindings,
      registerDeepCheck,
      registerDocuments,
      registerExplainError,
      registerContents,
      registerTimeline,
      registerCompare,
      registerRecovery,
    ];
    for (const register of features) register(connection, host);
    registerRepairs(connection, () => {
      const { client, host: engineHost, counter } = this.#run();
      return { host: engineHost, counter, mayWrite: client.options.mayWrite === true };
    });
    registerSearch(connection, () => this.#run());
    registerTools(connection, () => this.#run());
    registerHover(connection, () => {
      const { client, host: engineHost } = this.#run();
      const { markdownHovers: markdown } = client;
      const documentation = this.#documentation(client);
      const { localOffset } = this.#dependencies;
      return { ...this.#reading(), host: engineHost, markdown, documentation, localOffset };
    });
    registerConversation(connection, host, this.#conversations);
    this.#registerReading();
    registerCodeActions(connection, host, () => this.#run().client.notices);
    connection.listen();
  }

  #registerReading(): void {
    const connection = this.#connection;
    const reading = (): ReadingContext => this.#reading();
    registerDocumentSymbols(connection, reading, () => this.#run().client.symbolTree);
    registerFoldingRanges(connection, reading, () => this.#run().client.mostFolds);
    for (const register of [registerDefinition, registerReferences, registerDocumentLinks, registerCodeLenses])
      register(connection, reading);
  }

  #reading(): ReadingContext {
    const { client, host } = this.#run();
    const conversations = this.#conversations;
    return { host, documents: this.#documents, conversations, ownDocuments: client.notices };
  }

  #run(): Running {
    // The protocol forbids any request before `initialize`.
    if (this.#running === undefined) throw new Error("The server was not initialized.");
    return this.#running;
  }

  /** Whoever types changes a document with each key. */
  #refreshSoon(uri: string): void {
    clearTimeout(this.#refreshing.get(uri));
    const refresh = (): void => {
      this.#refreshing.delete(uri);
      this.#diagnostics?.refresh(uri);
    };
    this.#refreshing.set(uri, setTimeout(refresh, REFRESH_AFTER_MS));
  }

  #documentation({ options }: Client): string | undefined {
    return options.documentation ?? this.#dependencies.documentation;
  }

  #start(client: Client): void {
    const log = (line: string): void => this.#connection.console.log(line);
    this.#diagnostics = new DiagnosticsPublisher(this.#connection, {
      codeDescriptions: client.codeDescriptions,
      relatedInformation: client.relatedInformation,
      documents: client.notices,
      pageOf: (code) => findingPage(this.#documentation(client), code),
      lineAt: lineOnDisk,
      textOf: (uri) => this.#documents.text(uri),
      texts: () => this.#documents.texts,
      now: this.#dependencies.now,
      log,
    });
    const { memoFolder = this.#dependencies.memoFolder } = client.options;
    const host = new EngineHost(this.#dependencies, {
      settings: readSettings(client.options.settings),
      workspaceFolders: client.folders,
      memoFolder,
      log,
      onScanning: (scanning) => this.#tellProgress(scanning),
      onSnapshot: (snapshot) => this.#show(snapshot),
    });
    const counter = new RepairCounter(this.#dependencies.createRepairDesk(() => host.settings.quietSeconds * 1000));
    const cleaner = new LockCleaner({
      counter,
      now: this.#dependencies.now,
      onCleaned: (answer) => this.#tellRepaired({ why: "stale-locks", answer }),
    });
    let ripgrep: Promise<string | null> | undefined;
    this.#running = {
      client,
      host,
      counter,
      cleaner,
      // Looked for only when somebody searches.
      ripgrep: () => (ripgrep ??= this.#dependencies.findRipgrep(client.options.ripgrep ?? [])),
    };
  }

  async #begin(): Promise<void> {
    const { client, host } = this.#run();
    if (client.configurationRegistration)
      void this.#connection.client.register(DidChangeConfigurationNotification.type, { section: SETTINGS_SECTION });
    if (client.watchRegistration)
      void this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: DOCUMENT_PATTERNS.map((globPattern) => ({ globPattern })),
      });
    if (client.workspaceFolderChanges) this.#followWorkspaceFolders(client.folders);
    const settings = client.configuration ? await this.#askedSettings() : undefined;
    await (settings === undefined ? host.scan() : host.configure({ settings }));
    if (client.options.mayWrite === true) await this.#settle();
  }

  /** Runs that were cut off, by a crash or a power failure, are completed or taken back, and the person is told. */
  async #settle(): Promise<void> {
    const { host, counter } = this.#run();
    for (const { home, receipt } of await counter.settle(newest(host)))
      this.#tellRepaired({ why: "settled", answer: receiptAnswer(home, receipt) });
  }

  #followWorkspaceFolders(first: readonly string[]): void {
    let folders = [...first];
    this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
      this.#guarded("looking into the workspace", async () => {
        const gone = new Set(foldersOf(removed));
        folders = [...folders.filter((one) => !gone.has(one)), ...foldersOf(added)];
        await this.#run().host.configure({ workspaceFolders: folders });
      }),
    );
  }

  async #askedSettings(): Promise<ServerSettings> {
    return readSettings(await this.#connection.workspace.getConfiguration(SETTINGS_SECTION));
  }

  /** A client that can be asked is asked; any other sends its settings along, under their section or bare. */
  async #configured(sent: unknown): Promise<void> {
    const { client, host } = this.#run();
    if (client.configuration) return await host.configure({ settings: await this.#askedSettings() });
    const isObject = typeof sent === "object" && sent !== null;
    const section = isObject && SETTINGS_SECTION in sent ? sent[SETTINGS_SECTION] : sent;
    await host.configure({ settings: readSettings(section) });
  }

  #show(snapshot: Snapshot): void {
    this.#diagnostics?.publish(snapshot);
    this.#damage.changed();
    if (this.#running?.client.lensRefresh)
      this.#lenses.look(
        snapshot,
        Array.from(this.#documents.texts, ({ uri }) => uri),
      );
    if (this.#running?.client.notices)
      tell(this.#connection, Notice.changed, { revision: snapshot.revision, counts: countsOf(snapshot.homes) });
    this.#cleanLocks(snapshot);
  }

  #cleanLocks(snapshot: Snapshot): void {
    const { client, host, cleaner } = this.#run();
    if (client.options.mayWrite !== true || !host.settings.locksAutoClean) return;
    this.#guarded("moving stale locks aside", () => cleaner.clean(snapshot));
  }

  #tellRepaired(repaired: RepairedByItself): void {
    if (this.#running?.client.notices) tell(this.#connection, Notice.repairedByItself, repaired);
  }

  #tellProgress(scanning: boolean): void {
    if (this.#running?.client.notices)
      tell(this.#connection, Notice.progress, { scanning, text: scanning ? "Looking at the homes of agents…" : "" });
  }

  /** A notification has nobody to answer to: what goes wrong is logged. */
  #guarded(doing: string, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#connection.console.error(`${doing} failed: ${text}`);
    });
  }
}

/** Starts to serve this connection. */
export function startServer(connection: Connection, dependencies: ServerDependencies): void {
  new Server(connection, dependencies).listen();
}
