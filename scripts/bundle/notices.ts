// The licences of the packages that the bundles contain: their terms ask that the notices travel with the code.
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Metafile } from "esbuild";

import { ROOT } from "../toolchain/paths.mjs";

const IN_PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

function packagesIn(metafiles: readonly Metafile[]): string[] {
  const folders = metafiles.flatMap((one) => Object.keys(one.inputs)).map((input) => IN_PACKAGE.exec(input)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].toSorted();
}

function noticeOf(folder: string): string {
  const place = path.join(ROOT, folder);
  const { name, version, license } = JSON.parse(readFileSync(path.join(place, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  const file = globSync("{LICENSE,LICENCE,License,license}*", { cwd: place }).at(0);
  const text = file && existsSync(path.join(place, file)) ? readFileSync(path.join(place, file), "utf8").trim() : "";
  return `${name} ${version} (${license})\n\n${text}`.trim();
}

export function thirdPartyNotices(metafiles: readonly Metafile[]): string {
  const line = `\n\n${"-".repeat(80)}\n\n`;
  return `This product contains the following packages.${line}${packagesIn(metafiles).map(noticeOf).join(line)}\n`;
}
