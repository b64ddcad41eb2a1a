/** Keeps a language server running: starts it, starts it again when it dies, gives up when it keeps dying. */
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import type { InitializationOptions } from "../../protocol/settings.ts";
import type { Notices, Requests } from "../../protocol/methods.ts";
import { Notice } from "../../protocol/methods.ts";
import { crashCounter } from "./crashes.ts";
import { createClient } from "./language-client.ts";

/** starting: for the first time, or by hand; restarting: after a crash; stopped: on purpose; failed: it died too often. */
export type LinkState = "starting" | "running" | "restarting" | "stopped" | "failed";

/** Lets a machine in trouble catch its breath between two crashes. */
const PAUSE_MS = 500;
/** A server that does not answer to a polite stop is left to end by itself: it watches this process. */
const STOP_WITHIN_MS = 2_000;

/** A request was made while no server runs. */
export class ServerGoneError extends Error {
  override readonly name = "ServerGoneError";
  constructor() {
    super("The server of Session Forensics is not running.");
  }
}

export interface ServerLinkOptions {
  readonly module: string;
  readonly log: vscode.LogOutputChannel;
  /** Read anew at each start: settings may have changed. */
  readonly initialization: () => InitializationOptions;
}

export class ServerLink implements vscode.Disposable {
  readonly #options: ServerLinkOptions;
  readonly #crashes = crashCounter();
  readonly #stateChanged = new vscode.EventEmitter<LinkState>();
  readonly #changed = new vscode.EventEmitter<Notices[typeof Notice.changed]>();
  readonly #progressed = new vscode.EventEmitter<Notices[typeof Notice.progress]>();
  readonly #ran = new vscode.EventEmitter<Notices[typeof Notice.runProgress]>();
  readonly #checking = new vscode.EventEmitter<Notices[typeof Notice.deepChecking]>();
  readonly #found = new vscode.EventEmitter<Notices[typeof Notice.searchFound]>();
  readonly #repaired = new vscode.EventEmitter<Notices[typeof Notice.repairedByItself]>();
  #client: LanguageClient | undefined;
  #state: LinkState = "stopped";
  #disposed = false;

  readonly onDidChangeState = this.#stateChanged.event;
  readonly onChanged = this.#changed.event;
  readonly onProgress = this.#progressed.event;
  readonly onRunProgress = this.#ran.event;
  readonly onDeepChecking = this.#checking.event;
  readonly onSearchFound = this.#found.event;
  readonly onRepaired = this.#repaired.event;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Starts the server for the first time. Never rejects: what goes wrong is logged and shows in the state. */
  async start(): Promise<void> {
    await this.#run("starting");
  }

  /** Starts a fresh server because a person asked for it. */
  async restart(): Promise<void> {
    this.#crashes.reset();
    await this.#end();
    await this.#run("starting");
  }

  /** Asks the server. Rejects with `ServerGoneError` when none runs, or with the server's refusal. */
  async request<Name extends keyof Requests>(
    method: Name,
    params: Requests[Name]["params"],
    token?: vscode.CancellationToken,
  ): Promise<Requests[Name]["result"]> {
    const client = this.#client;
    if (client === undefined || this.#state !== "running") throw new ServerGoneError();
    // An undefined token would be taken for a second parameter, and the server would get null in the place of its own.
    return token === undefined
      ? client.sendRequest<Requests[Name]["result"]>(method, params)
      : client.sendRequest<Requests[Name]["result"]>(method, params, token);
  }

  dispose(): void {
    this.#disposed = true;
    void this.#end();
    for (const emitter of [
      this.#stateChanged,
      this.#changed,
      this.#progressed,
      this.#ran,
      this.#checking,
      this.#found,
      this.#repaired,
    ])
      emitter.dispose();
  }

  async #run(state: "starting" | "restarting"): Promise<void> {
    this.#setState(state);
    this.#options.log.info("Starting the server.");
    const client = createClient({
      module: this.#options.module,
      log: this.#options.log,
      initialization: this.#options.initialization(),
      onDeath: () => void this.#died(client),
    });
    this.#client = client;
    client.onNotification(Notice.changed, (params: Notices[typeof Notice.changed]) => this.#changed.fire(params));
    client.onNotification(Notice.runProgress, (params: Notices[typeof Notice.runProgress]) => this.#ran.fire(params));
    client.onNotification(Notice.deepChecking, (params: Notices[typeof Notice.deepChecking]) =>
      this.#checking.fire(params),
    );
    client.onNotification(Notice.searchFound, (params: Notices[typeof Notice.searchFound]) => this.#found.fire(params));
    client.onNotification(Notice.repairedByItself, (params: Notices[typeof Notice.repairedByItself]) =>
      this.#repaired.fire(params),
    );
    client.onNotification(Notice.progress, (params: Notices[typeof Notice.progress]) => this.#progressed.fire(params));
    try {
      await client.start();
    } catch (error) {
      this.#options.log.error("The server could not be started.", error);
      await this.#died(client);
      return;
    }
    if (this.#client !== client) return;
    this.#options.log.info("The server runs.");
    this.#setState("running");
  }

  /** A start that fails and a connection that closes both lead here; only the first counts. */
  async #died(client: LanguageClient): Promise<void> {
    if (this.#client !== client || this.#disposed) return;
    this.#client = undefined;
    const again = this.#crashes.mayRestart(Date.now());
    this.#options.log.error(again ? "The server ended unexpectedly; starting it again." : "The server keeps ending.");
    this.#setState(again ? "restarting" : "failed");
    void client.dispose(STOP_WITHIN_MS).catch(() => {
      // Nothing is left to dispose of a client whose server is gone.
    });
    if (!again) return;
    await sleep(PAUSE_MS);
    // A person may have restarted it meanwhile.
    if (this.#client === undefined && !this.#disposed && this.#state === "restarting") await this.#run("restarting");
  }

  async #end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#setState("stopped");
    await client?.dispose(STOP_WITHIN_MS).catch((error: unknown) => {
      this.#options.log.warn("The server did not stop in time.", error);
    });
  }

  #setState(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    if (!this.#disposed) this.#stateChanged.fire(state);
  }
}
