// The entry of the language server process: plain LSP over stdio or Node IPC.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";

const connection = createConnection(ProposedFeatures.all);
connection.onInitialize(() => ({ capabilities: {}, serverInfo: { name: "session-forensics" } }));
connection.listen();
