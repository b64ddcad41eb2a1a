/** Where a VS Code keeps the ripgrep that its own search uses: the place has moved from release to release. */
import path from "node:path";

/** Absolute paths at which it may lie, the newest place first; `appRoot` is that of `vscode.env`. */
export function editorsRipgrep(appRoot: string, platform: string, arch: string): string[] {
  const name = platform === "win32" ? "rg.exe" : "rg";
  return [
    ["node_modules", "@vscode", "ripgrep-universal", "bin", `${platform}-${arch}`, name],
    ["node_modules", "@vscode", `ripgrep-${platform}-${arch}`, "bin", name],
    ["node_modules.asar.unpacked", "@vscode", "ripgrep-universal", "bin", `${platform}-${arch}`, name],
    ["node_modules.asar.unpacked", "@vscode", "ripgrep", "bin", name],
    ["node_modules", "@vscode", "ripgrep", "bin", name],
    ["node_modules.asar.unpacked", "vscode-ripgrep", "bin", name],
  ].map((parts) => path.join(appRoot, ...parts));
}
