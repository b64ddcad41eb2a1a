/** Homes with damaged databases, any number of them: what is wrong with one follows from its number and the seed. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { DAMAGES, type Files } from "./damaged-files.ts";
import { AgentDatabase } from "./openclaw-database.ts";
import { Random } from "./random.ts";

const FIXTURE = resolve(import.meta.dirname, "../fixtures/openclaw/2026.9.6-clean/state");
/** Where an agent's database lies in a home. */
const AGENT = "agents/main/agent/openclaw-agent.sqlite";
const MOST_DAMAGES = 4;
/** The fixture's databases are larger and were written by the release itself; but most can be learned from small ones. */
const FROM_FIXTURE = 0.1;

export interface DamagedHome {
  /** Absolute path. */
  readonly path: string;
  /** What was done to it, in words. */
  readonly damages: readonly string[];
}

/** Sessions with windows, a branch, a compaction, packed events, archives and running ones; 60 events or so. */
function fill(database: AgentDatabase, sessions: number): void {
  for (let number = 0; number < sessions; number++) {
    const session = database.session(`session-${number}`, { label: `number ${number}` });
    const first = session.user(`question ${number}`);
    session.assistant("answer ".repeat(number % 3 === 0 ? 600 : 3));
    if (number % 2 === 0) session.reset();
    const kept = session.user("and then?");
    if (number % 4 === 0) session.compact("what was said", kept);
    if (number % 5 === 0) session.rewindTo(first);
    session.assistant("then that");
    session.trajectory(`run-${number}`, "session.started", {});
    if (number % 3 === 1) session.running();
  }
  database.session("deleted").delete();
  database.session("cold").putIntoColdStorage();
}

/** The files of a database and what lies beside it. */
function filesIn(folder: string, name: string): Files {
  const names = readdirSync(folder).filter((one) => one.startsWith(name));
  return new Map(names.map((one) => [one, readFileSync(join(folder, one))]));
}

export class DamagedHomes {
  private readonly folder: string;
  private readonly seed: number;
  /** Closed, and as a gateway leaves it that is killed: with log and index. */
  private readonly sound: readonly Files[];

  /** Works in this folder, which is the caller's to remove. */
  constructor(folder: string, seed: number) {
    this.folder = folder;
    this.seed = seed;
    const [killed, closed] = this.built("first", 12, 1);
    const [, other] = this.built("second", 3, 2);
    const [otherKilled] = this.built("third", 7, 3);
    this.sound = [killed, closed, otherKilled, other];
  }

  /** The home of this number, in place of the one before. */
  make(number: number): DamagedHome {
    const random = new Random(this.seed * 1_000_003 + number);
    // The first numbers of neighbouring seeds are alike.
    for (let skipped = 0; skipped < 8; skipped++) random.next();
    const path = join(this.folder, "home");
    rmSync(path, { recursive: true, force: true });
    if (random.chance(FROM_FIXTURE)) cpSync(FIXTURE, path, { recursive: true, preserveTimestamps: true });
    else mkdirSync(join(path, dirname(AGENT)), { recursive: true });
    writeFileSync(join(path, "openclaw.json"), "{}");
    return { path, damages: this.damage(join(path, dirname(AGENT)), random) };
  }

  private damage(folder: string, random: Random): string[] {
    const database = basename(AGENT);
    const present = filesIn(folder, database);
    const files: Files = new Map(present.size > 0 ? present : random.pick(this.sound));
    const other = random.pick(this.sound);
    const names = Array.from({ length: 1 + random.below(MOST_DAMAGES) }, () => random.pick(Object.keys(DAMAGES)));
    const applied = names.filter((name) => {
      if ([...files.values()].every(({ length }) => length === 0)) return false;
      DAMAGES[name]!(files, database, other, random);
      return true;
    });
    for (const name of present.keys()) rmSync(join(folder, name));
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    return applied;
  }

  /** A database as it is while a gateway writes to it, and after that was stopped. */
  private built(name: string, sessions: number, seed: number): [killed: Files, closed: Files] {
    const folder = join(this.folder, name);
    const file = basename(AGENT);
    const database = new AgentDatabase(join(folder, file), { seed });
    fill(database, sessions);
    database.sql.exec("PRAGMA wal_checkpoint(PASSIVE)");
    const session = database.session("last");
    for (let turn = 0; turn < 5; turn++) session.user(`turn ${turn}`);
    const killed = filesIn(folder, file);
    database.close();
    return [killed, filesIn(folder, file)];
  }
}
