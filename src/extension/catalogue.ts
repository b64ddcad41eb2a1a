/** What the extension shows at this moment: the newest overview, the phase, the filter; and the way to ask for more of it. */
import * as vscode from "vscode";
import { ResponseError } from "vscode-languageclient/node";

import type { Requests } from "../protocol/methods.ts";
import { Method } from "../protocol/methods.ts";
import type { RefusalData } from "../protocol/errors.ts";
import { Refusal } from "../protocol/errors.ts";
import type { Overview } from "../protocol/overview.ts";
import type { LinkState, ServerLink } from "./client/server-link.ts";
import type { Phase } from "./contributions.ts";

/** Requests that are answered for one revision only. */
type Revised = {
  [Name in keyof Requests]: Requests[Name]["params"] extends { readonly revision: number } ? Name : never;
}[keyof Requests];

/** Changes on disk come in bursts: one look after the burst shows them all. */
const SETTLE_MS = 150;
/** Where an agent writes without a pause, what is shown changes no more often than this. */
const PACE_MS = 500;
/** A home that changes all the time could make every answer stale; then the newest few attempts are enough. */
const ATTEMPTS = 4;

const isRefusal = (error: unknown, code: number): error is ResponseError<RefusalData> =>
  error instanceof ResponseError && error.code === code;

/** Whether the server refused because what was asked for is not there any more. */
export function isNotFound(error: unknown): boolean {
  return isRefusal(error, Refusal.notFound);
}

export class Catalogue implements vscode.Disposable {
  readonly #link: ServerLink;
  readonly #log: vscode.LogOutputChannel;
  readonly #contentChanged = new vscode.EventEmitter<void>();
  readonly #statusChanged = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #overview: Overview | undefined;
  /** The overview is the last one of a server that died; the next one has not finished its first scan. */
  #inherited = false;
  #filter = "";
  #progress = "";
  #settling: NodeJS.Timeout | undefined;
  /** When other content was announced last. */
  #changedAt = -Infinity;

  /** Another overview or another filter: what is shown must be asked for again. */
  readonly onDidChangeContent = this.#contentChanged.event;
  /** Another phase or progress; the content stands. */
  readonly onDidChangeStatus = this.#statusChanged.event;

  constructor(link: ServerLink, log: vscode.LogOutputChannel) {
    this.#link = link;
    this.#log = log;
    this.#subscriptions = [
      link.onDidChangeState((state) => this.#followServer(state)),
      link.onChanged(() => this.#loadSoon()),
      link.onProgress(({ text, scanning }) => {
        this.#progress = scanning ? text : "";
        this.#statusChanged.fire();
        if (!scanning) this.#loadSoon();
      }),
    ];
  }

  /** Undefined before the first answer and when no server runs. */
  get overview(): Overview | undefined {
    return this.#overview;
  }

  get phase(): Phase {
    const { state } = this.#link;
    if (state === "failed" || state === "stopped") return "stopped";
    if (this.#inherited) return "restarting";
    if (state !== "running" || this.#overview === undefined) return "starting";
    // A first look at large homes fills the views, but nothing is whole yet.
    return this.#overview.revision === 0 || this.#overview.pending !== null ? "scanning" : "ready";
  }

  /** What the server is busy with; empty when idle. */
  get progress(): string {
    return this.#progress;
  }

  /** Words that sessions must hold to be shown; empty for all. */
  get filter(): string {
    return this.#filter;
  }

  set filter(words: string) {
    const trimmed = words.trim();
    if (trimmed === this.#filter) return;
    this.#filter = trimmed;
    this.#contentChanged.fire();
  }

  /** Asks for the newest overview and announces it. Never rejects: without an answer the last one stands. */
  async load(): Promise<void> {
    try {
      this.#take(await this.#link.request(Method.overview, {}));
    } catch (error) {
      if (this.#link.state === "running") this.#log.error("The overview could not be loaded.", error);
    }
  }

  /** Scans everything again. */
  async rescan(): Promise<void> {
    await this.#link.request(Method.refresh, {});
    await this.load();
  }

  ask<Name extends keyof Requests>(method: Name, params: Requests[Name]["params"]): Promise<Requests[Name]["result"]> {
    return this.#link.request(method, params);
  }

  /** Asks for the newest revision; when that has moved on meanwhile, asks again for the one that the server names. */
  async askNewest<Name extends Revised>(
    method: Name,
    params: Omit<Requests[Name]["params"], "revision">,
  ): Promise<Requests[Name]["result"]> {
    let revision = this.#overview?.revision ?? 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#link.request(method, { ...params, revision });
      } catch (error) {
        if (!isRefusal(error, Refusal.staleRevision) || error.data === undefined || attempt === ATTEMPTS) throw error;
        revision = error.data.revision;
      }
    }
  }

  dispose(): void {
    clearTimeout(this.#settling);
    for (const one of [...this.#subscriptions, this.#contentChanged, this.#statusChanged]) one.dispose();
  }

  #followServer(state: LinkState): void {
    this.#progress = "";
    if (state === "running") void this.load();
    if (state === "restarting") this.#inherited = this.#overview !== undefined;
    if (state === "starting" || state === "failed") {
      // The next server counts its revisions from the start.
      this.#overview = undefined;
      this.#inherited = false;
      this.#contentChanged.fire();
    }
    this.#statusChanged.fire();
  }

  #take(overview: Overview): void {
    const shown = this.#inherited ? 0 : (this.#overview?.revision ?? -1);
    if (overview.revision < shown || (this.#inherited && overview.revision === 0)) return;
    this.#inherited = false;
    this.#overview = overview;
    if (overview.revision > shown) {
      this.#changedAt = performance.now();
      this.#contentChanged.fire();
    }
    this.#statusChanged.fire();
  }

  #loadSoon(): void {
    const pause = Math.max(SETTLE_MS, this.#changedAt + PACE_MS - performance.now());
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      void this.load();
    }, pause);
  }
}
