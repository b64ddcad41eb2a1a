// The environment for an editor that must not notice the one it was started from.

// A shell inside VS Code passes on where that VS Code listens; PORT and PASSWORD change how code-server serves.
const FOREIGN = /^(VSCODE_|ELECTRON_|CODE_SERVER_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/;

export function cleanEnvironment(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && !FOREIGN.test(name));
  return { ...(Object.fromEntries(own) as Record<string, string>), ...changes };
}
