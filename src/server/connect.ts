/** Connections to a client: over Node's IPC, a socket or a pipe as the arguments say, else over stdin and stdout. */
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import type { Connection } from "vscode-languageserver/node";

/** What vscode-languageserver understands itself. */
const TRANSPORTS = /^--(?:node-ipc|stdio|socket|pipe)(?:=|$)/;

const text = (values: readonly unknown[]): string => values.map(String).join(" ");

/** stdout is the protocol: a stray console.log of any package would break it. */
function rerouteConsole({ console: remote }: Connection): void {
  const sinks = {
    log: (...values: unknown[]) => remote.log(text(values)),
    info: (...values: unknown[]) => remote.info(text(values)),
    debug: (...values: unknown[]) => remote.log(text(values)),
    warn: (...values: unknown[]) => remote.warn(text(values)),
    error: (...values: unknown[]) => remote.error(text(values)),
  };
  Object.assign(globalThis.console, sinks);
}

export function connectByArguments(args: readonly string[]): Connection {
  if (!args.some((one) => TRANSPORTS.test(one))) return connectByStdio();
  const connection = createConnection(ProposedFeatures.all);
  rerouteConsole(connection);
  // A parent that died can't ask for an exit; its channel closes.
  process.on("disconnect", () => process.exit(0));
  return connection;
}

/** The process ends when stdin does. */
export function connectByStdio(): Connection {
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
  rerouteConsole(connection);
  process.stdin.on("end", () => process.exit(0));
  return connection;
}
