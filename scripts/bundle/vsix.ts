// Packs the extension: production bundles and the files that .vscodeignore allows, staged apart so that dist/ stays as it is.
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { runToolQuietly } from "../stages/tool.ts";
import { OUT, ROOT } from "../toolchain/paths.mjs";
import { buildBundles } from "./bundles.ts";
import { thirdPartyNotices } from "./notices.ts";

type Manifest = Record<string, unknown> & { readonly name: string; readonly version: string };

const COPIED = ["docs", "media", "README.md", "CHANGELOG.md", "LICENSE", "package.nls.json", ".vscodeignore"];
/** Parts of package.json that only matter to those who work on the project. */
const FOR_DEVELOPERS = ["scripts", "dependencies", "devDependencies", "private"];

const readManifest = async (): Promise<Manifest> =>
  JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as Manifest;

export async function vsixFile(): Promise<string> {
  const { name, version } = await readManifest();
  return path.join(ROOT, `${name}-${version}.vsix`);
}

async function stage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const metafiles = await buildBundles({ production: true, folder: path.join(folder, "dist") });
  await writeFile(path.join(folder, "dist", "THIRD_PARTY_NOTICES.txt"), thirdPartyNotices(metafiles));
  for (const name of COPIED)
    if (existsSync(path.join(ROOT, name)))
      await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  const manifest = Object.entries(await readManifest()).filter(([key]) => !FOR_DEVELOPERS.includes(key));
  await writeFile(path.join(folder, "package.json"), `${JSON.stringify(Object.fromEntries(manifest), null, 2)}\n`);
}

/** Builds and packs; returns the path of the .vsix. */
export async function packVsix(): Promise<string> {
  const target = await vsixFile();
  const folder = path.join(OUT, `vsix-${process.pid}`);
  const packed = path.join(folder, "packed.vsix");
  try {
    await stage(folder);
    const args = ["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
    await runToolQuietly("@vscode/vsce", "vsce", [...args, "-o", packed], folder);
    await rename(packed, target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
