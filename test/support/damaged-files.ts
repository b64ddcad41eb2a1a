/** Damage to the files of a SQLite database: each kind is what a disk, a copy tool or a careless hand does to them. */
import type { Random } from "./random.ts";

/** Files by name: the database, and what lies beside it. */
export type Files = Map<string, Buffer>;

/** One kind of damage. `files` belong to the caller; `other` are the files of another database of the same program. */
export type Damage = (files: Files, database: string, other: Files, random: Random) => void;

const PAGE = 4096;
const SECTOR = 512;
const SUFFIX = /-(?:wal|shm|journal)$/;
/** Type of a b-tree page whose cells lead to other pages of a table (https://www.sqlite.org/fileformat2.html, 1.6). */
const INTERIOR_TABLE = 5;
const INTERIOR_INDEX = 2;

/** Content that is changed in place; files that are damaged are never shared with the undamaged ones. */
function edited(files: Files, name: string, edit: (bytes: Buffer) => void): void {
  const bytes = Buffer.from(files.get(name)!);
  edit(bytes);
  files.set(name, bytes);
}

function anyName(files: Files, random: Random): string {
  return random.pick([...files].filter(([, { length }]) => length > 0).map(([name]) => name));
}

function flip(bytes: Buffer, random: Random, from = 0, to = bytes.length): void {
  const at = from + random.below(Math.max(1, Math.min(to, bytes.length) - from));
  if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << random.below(8));
}

/** Numbers of the pages with this type byte. */
function pagesOf(bytes: Buffer, types: readonly number[]): number[] {
  const count = Math.floor(bytes.length / PAGE);
  return Array.from({ length: count }, (_, page) => page).filter((page) => types.includes(bytes[page * PAGE]!));
}

function replaceText(bytes: Buffer, text: string, random: Random): void {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) places.push(at);
  if (places.length === 0) return;
  const at = random.pick(places);
  for (let index = 0; index < 8; index++) flip(bytes, random, at, at + 120);
}

export const DAMAGES: Readonly<Record<string, Damage>> = {
  "bits flipped anywhere": (files, _database, _other, random) =>
    edited(files, anyName(files, random), (bytes) => {
      for (let times = random.between(1, 200); times > 0; times--) flip(bytes, random);
    }),
  "bits flipped in the header": (files, database, _other, random) =>
    edited(files, database, (bytes) => {
      for (let times = random.between(1, 8); times > 0; times--) flip(bytes, random, 16, 100);
    }),
  "bits flipped where pages begin": (files, database, _other, random) =>
    edited(files, database, (bytes) => {
      for (let times = random.between(1, 16); times > 0; times--) {
        const page = random.below(Math.ceil(bytes.length / PAGE)) * PAGE;
        flip(bytes, random, page, page + 32);
      }
    }),
  "a file cut off": (files, _database, _other, random) => {
    const name = anyName(files, random);
    files.set(name, files.get(name)!.subarray(0, random.below(files.get(name)!.length + 1)));
  },
  "a file cut off at a page": (files, database, _other, random) =>
    void files.set(database, files.get(database)!.subarray(0, PAGE * (1 + random.below(40)))),
  "blocks of zeros": (files, _database, _other, random) =>
    edited(files, anyName(files, random), (bytes) => {
      for (let times = random.between(1, 6); times > 0; times--) {
        const at = random.below(Math.ceil(bytes.length / SECTOR)) * SECTOR;
        bytes.fill(0, at, Math.min(bytes.length, at + SECTOR * random.between(1, 64)));
      }
    }),
  "a block of something else": (files, _database, _other, random) =>
    edited(files, anyName(files, random), (bytes) => {
      const at = random.below(bytes.length);
      const end = Math.min(bytes.length, at + random.between(16, 20_000));
      for (let index = at; index < end; index++) bytes[index] = random.below(256);
    }),
  "a page over another": (files, database, _other, random) =>
    edited(files, database, (bytes) => {
      const pages = Math.floor(bytes.length / PAGE);
      if (pages < 2) return;
      for (let times = random.between(1, 4); times > 0; times--) {
        const from = random.below(pages) * PAGE;
        bytes.copy(bytes, random.below(pages) * PAGE, from, from + PAGE);
      }
    }),
  "pages that lead to each other": (files, database, _other, random) =>
    edited(files, database, (bytes) => {
      const pages = pagesOf(bytes, [INTERIOR_TABLE, INTERIOR_INDEX]);
      if (pages.length === 0) return;
      const page = random.pick(pages);
      // All children of one page are another page of the kind, or itself.
      const child = random.pick(pages) + 1;
      const cells = Math.min(bytes.readUInt16BE(page * PAGE + 3), (PAGE - 12) / 2);
      bytes.writeUInt32BE(child, page * PAGE + 8);
      for (let cell = 0; cell < cells; cell++) {
        const at = page * PAGE + bytes.readUInt16BE(page * PAGE + 12 + cell * 2);
        if (at + 4 <= bytes.length) bytes.writeUInt32BE(child, at);
      }
    }),
  "a damaged schema": (files, database, _other, random) =>
    edited(files, database, (bytes) =>
      replaceText(
        bytes,
        random.pick(["CREATE TABLE", "CREATE INDEX", "session_nodes", "session_windows", "transcript_events"]),
        random,
      ),
    ),
  "damaged entries": (files, _database, _other, random) =>
    edited(files, anyName(files, random), (bytes) =>
      replaceText(bytes, random.pick(['{"type"', '"sessionId"']), random),
    ),
  "another encoding": (files, database, _other, random) =>
    edited(files, database, (bytes) => {
      if (bytes.length > 60) bytes.writeUInt32BE(random.below(4), 56);
    }),
  "another way of writing": (files, database, _other, random) =>
    edited(files, database, (bytes) => {
      if (bytes.length > 20) bytes.fill(random.pick([0, 1, 2, 3, 255]), 18, 20);
    }),
  "another page size": (files, database, _other, random) =>
    edited(files, database, (bytes) => {
      if (bytes.length > 20) bytes.writeUInt16BE(random.pick([1, 512, 1024, 8192, 32_768, 4095]), 16);
    }),
  "a log of another database": (files, database, other, random) => {
    for (const [name, bytes] of other) {
      const suffix = SUFFIX.exec(name)?.[0];
      if (suffix !== undefined && (suffix === "-wal" || random.chance(0.5))) files.set(`${database}${suffix}`, bytes);
    }
  },
  "the database of another log": (files, database, other) => {
    const [, bytes] = [...other].find(([name]) => !SUFFIX.test(name))!;
    files.set(database, bytes);
  },
  "a log that is something else": (files, database, _other, random) => {
    const bytes = Buffer.from(Array.from({ length: random.between(1, 9000) }, () => random.below(256)));
    files.set(`${database}-${random.pick(["wal", "shm", "journal"])}`, bytes);
  },
  "a file gone": (files, database, _other, random) => {
    const beside = [...files.keys()].filter((name) => name !== database);
    if (beside.length > 0) files.delete(random.pick(beside));
  },
  "an index cut short": (files, database, _other, random) => {
    const shm = files.get(`${database}-shm`);
    if (shm !== undefined) files.set(`${database}-shm`, shm.subarray(0, random.pick([0, 1, 48, 136, 4096, 32_767])));
  },
  "a damaged index": (files, database, _other, random) => {
    if (!files.has(`${database}-shm`)) return;
    edited(files, `${database}-shm`, (bytes) => {
      for (let times = random.between(1, 30); times > 0; times--) flip(bytes, random, 0, 2048);
    });
  },
  "no bytes": (files, _database, _other, random) => void files.set(anyName(files, random), Buffer.alloc(0)),
};

/** Levels of a tree that SQLite still follows: it takes more than twenty for damage. */
const LEVELS = 12;

/**
 * The database with trees that have no end in practice, though no page leads back to itself: each child of a root leads to all
 * of the next level, and so on. `roots` are the numbers of the root pages, which must have children.
 */
export function endlessTrees(database: Buffer, roots: readonly number[]): Buffer {
  const pages = [database];
  let count = database.length / PAGE;
  for (const root of roots) {
    const page = Buffer.from(database.subarray((root - 1) * PAGE, root * PAGE));
    for (let level = 1; level < LEVELS; level++) pages.push(withChildren(page, count + level + 1));
    pages.push(page);
    withChildren(page, count + 1).copy(database, (root - 1) * PAGE);
    count += LEVELS;
  }
  database.writeUInt32BE(count, 28);
  return Buffer.concat(pages);
}

/** A copy of the page all of whose children are this one. */
function withChildren(page: Buffer, child: number): Buffer {
  const copy = Buffer.from(page);
  copy.writeUInt32BE(child, 8);
  for (let cell = 0; cell < copy.readUInt16BE(3); cell++) copy.writeUInt32BE(child, copy.readUInt16BE(12 + cell * 2));
  return copy;
}
