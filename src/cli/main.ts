/** The entry of the command line: looks whether this Node can run it, before anything that an older one lacks is loaded. */
import manifest from "../../package.json" with { type: "json" };

const numbersIn = (version: string): number[] => (version.match(/\d+/g) ?? []).slice(0, 2).map(Number);

function isTooOld(version: string, lowest: string): boolean {
  const [major = 0, minor = 0] = numbersIn(version);
  const [lowestMajor = 0, lowestMinor = 0] = numbersIn(lowest);
  return major < lowestMajor || (major === lowestMajor && minor < lowestMinor);
}

if (isTooOld(process.versions.node, manifest.engines.node)) {
  const wanted = numbersIn(manifest.engines.node).join(".");
  process.stderr.write(
    `session-forensics needs Node.js ${wanted} or newer; this is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exitCode = 3;
} else {
  // A dynamic import, so that the bundle loads nothing of it on an older Node.
  void import("./local.ts").then(({ runHere }) => runHere());
}
