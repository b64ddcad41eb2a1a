// Finds a Chromium to drive, or fetches one that comes inside an npm package (Linux on x64).
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";

import { installTool } from "../toolchain/tools.mjs";

const SPEC = "@sparticuz/chromium@153.0.0";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

export interface Browser {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The package's own names folders of another machine; without a single font the browser crashes. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** The package holds the program, its libraries and a font, each compressed. */
function unpack(folder: string): void {
  const packed = path.join(folder, "node_modules", "@sparticuz", "chromium", "bin");
  const unbrotli = (name: string): Buffer => brotliDecompressSync(readFileSync(path.join(packed, name)));
  writeFileSync(path.join(folder, "chromium"), unbrotli("chromium.br"), { mode: 0o755 });
  for (const name of ["al2023.tar.br", "fonts.tar.br"])
    execFileSync("tar", ["-x", "-C", folder], { input: unbrotli(name) });
  writeFileSync(path.join(folder, "fonts.conf"), FONTS);
}

async function fetched(): Promise<Browser> {
  const folder = await installTool(SPEC, {
    tell: `Fetching ${SPEC}, as no Chromium is installed here (once, 270 MB in .tools) …`,
    finish: unpack,
  });
  return {
    executable: path.join(folder, "chromium"),
    env: { LD_LIBRARY_PATH: path.join(folder, "lib"), FONTCONFIG_PATH: folder, FONTCONFIG_FILE: "fonts.conf" },
  };
}

export async function browser(): Promise<Browser> {
  const executable = process.env["CHROMIUM_EXECUTABLE"] ?? USUAL_PLACES.find((place) => existsSync(place));
  if (executable !== undefined) return { executable, env: {} };
  if (process.platform === "linux" && process.arch === "x64") return fetched();
  throw new Error("Chromium is needed here: install it, or name one in CHROMIUM_EXECUTABLE.");
}
