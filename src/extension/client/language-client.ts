/** One run of the language server: a client that is started once and, when its server ends, stays ended. */
import type { LogOutputChannel } from "vscode";
import { CloseAction, ErrorAction, LanguageClient, TransportKind } from "vscode-languageclient/node";

import { SECTION } from "../contributions.ts";
import type { InitializationOptions } from "../../protocol/settings.ts";
import { CONVERSATION_SCHEME } from "../../protocol/conversation.ts";
import { DOCUMENT_SCHEME } from "../../protocol/documents.ts";
import { DOCUMENT_PATTERNS } from "../../protocol/settings.ts";

export interface RunOptions {
  /** The server's bundle. */
  readonly module: string;
  readonly log: LogOutputChannel;
  readonly initialization: InitializationOptions;
  /** Called once when the server ended without being asked to. */
  readonly onDeath: () => void;
}

/** Logs its troubles, but leaves it to the supervisor to speak to the user: two voices would contradict each other. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export function createClient({ module, log, initialization, onDeath }: RunOptions): LanguageClient {
  const server = { module, transport: TransportKind.ipc };
  const debug = { ...server, options: { execArgv: ["--nolazy", "--inspect=6009"] } };
  return new QuietClient(
    SECTION,
    "Session Forensics",
    { run: server, debug },
    {
      documentSelector: [
        ...DOCUMENT_PATTERNS.map((pattern) => ({ scheme: "file", pattern })),
        { scheme: DOCUMENT_SCHEME },
        { scheme: CONVERSATION_SCHEME },
      ],
      initializationOptions: initialization,
      initializationFailedHandler: () => false,
      outputChannel: log,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          onDeath();
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    },
  );
}
