/** Which home a document lies in. */
import type { Lock } from "../model/lock.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { isInside, pathWithin, realPath } from "../system/files.ts";
import { pathOf } from "./paths.ts";

export interface HomePlace {
  readonly home: HomeSnapshot;
  /** Home-relative, "/" separators. */
  readonly path: string;
}

/** The innermost home that holds the absolute path: a shadow lies inside its canonical home. */
export function homeOfPath(snapshot: Snapshot, path: string): HomePlace | null {
  const [home] = snapshot.homes
    .filter((one) => isInside(one.home.path, path))
    .toSorted((a, b) => b.home.path.length - a.home.path.length);
  return home === undefined ? null : { home, path: pathWithin(home.home.path, path) };
}

/** Homes are known by their real paths; a document may have been opened through a link. */
export function placeInHomes(snapshot: Snapshot, uri: string): HomePlace | null {
  const path = pathOf(uri);
  if (path === null || snapshot.homes.length === 0) return null;
  const direct = homeOfPath(snapshot, path);
  if (direct !== null) return direct;
  const real = realPath(path);
  return real === undefined || real === path ? null : homeOfPath(snapshot, real);
}

/** The lock that a document is. A gateway's lock may lie outside its home, and then goes by its absolute path. */
export function lockAt(snapshot: Snapshot, uri: string): { readonly home: HomeSnapshot; readonly lock: Lock } | null {
  const place = placeInHomes(snapshot, uri);
  const path = place?.path ?? pathOf(uri);
  for (const home of place === null ? snapshot.homes : [place.home]) {
    const lock = home.locks.find((one) => one.path === path);
    if (lock !== undefined) return { home, lock };
  }
  return null;
}
