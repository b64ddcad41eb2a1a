// Lint rules of this project for oxlint: the import rules of the house (see floors.mjs for the table).
import path from "node:path";

import { FLOORS, GATES, OUTSIDE, PURE, WRITERS, WRITING } from "./floors.mjs";

const WRITING_NAMES = new Set(WRITING.flatMap((name) => [name, `${name}Sync`]));
const FILE_MODULES = new Set(["fs", "fs/promises"]);

/** "…/src/engine/x.ts" -> "engine/x.ts"; undefined outside of src/. The last src/ counts, so a checkout below another src/ works. */
function placeInSource(file) {
  const parts = path.resolve(file).split(path.sep);
  const at = parts.lastIndexOf("src");
  return at < 0 ? undefined : parts.slice(at + 1).join("/");
}

const floorOf = (place) => place.split("/")[0];
const bare = (specifier) => specifier.replace(/^node:/, "");
const standsIn = (place, places) => places.some((allowed) => place.startsWith(allowed));

function floorBreach(place, specifier) {
  const floor = FLOORS[floorOf(place)];
  if (!floor) return `src/${place} stands on no floor: add its folder to scripts/lint/floors.mjs or move it`;
  if (!specifier.startsWith(".")) return undefined;
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(place), specifier));
  const other = floorOf(target);
  // The manifest holds the version, and nothing else outside of src/ is part of the product.
  if (target === "../package.json") return undefined;
  if (other === "..") return `src/ imports only from src/ and packages, not "${specifier}"`;
  if (other === floorOf(place) || floor.below.includes(other)) return undefined;
  return `${floorOf(place)}/ may not import ${other}/: ${floor.instead}`;
}

function outsideBreach(place, specifier) {
  const name = bare(specifier);
  if (PURE.includes(floorOf(place)) && OUTSIDE.includes(name))
    return `${floorOf(place)}/ is pure and may not import ${specifier}: take the value as an argument`;
  const gate = GATES.find((one) => one.modules.includes(name));
  if (gate && !standsIn(place, gate.allowed)) return `${floorOf(place)}/ may not import ${specifier}: ${gate.instead}`;
  return undefined;
}

function writingBreach(place, specifier, names) {
  if (!FILE_MODULES.has(bare(specifier)) || standsIn(place, WRITERS)) return undefined;
  if (names === undefined)
    return `import single functions of ${specifier} by name here: a whole module would hide a write from this rule`;
  const writing = names.filter((name) => WRITING_NAMES.has(name));
  if (writing.length === 0) return undefined;
  return `only engine/executor writes, not ${floorOf(place)}/ (${writing.join(", ")}): describe the write as a step of a plan`;
}

/** Names that a declaration takes from its module; undefined when it takes the whole module. */
function namesOf(node) {
  if (node.type === "ExportAllDeclaration" || node.type === "ImportExpression") return undefined;
  const names = (node.specifiers ?? []).map((one) => {
    if (one.type === "ImportSpecifier") return one.imported.name ?? one.imported.value;
    if (one.type === "ExportSpecifier") return one.local.name ?? one.local.value;
    return undefined;
  });
  return names.includes(undefined) ? undefined : names;
}

const isTypeOnly = (node) => node.importKind === "type" || node.exportKind === "type";

function firstBreach(place, node, specifier) {
  return (
    floorBreach(place, specifier) ??
    (isTypeOnly(node) ? undefined : (outsideBreach(place, specifier) ?? writingBreach(place, specifier, namesOf(node))))
  );
}

const imports = {
  meta: { type: "problem", docs: { description: "A floor imports only from floors below it, and one room writes." } },
  create(context) {
    const place = placeInSource(context.filename);
    if (place === undefined) return {};
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== "string") return;
      const message = firstBreach(place, node, specifier);
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export default { meta: { name: "house" }, rules: { imports } };
