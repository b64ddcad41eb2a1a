/**
 * A first look at homes that take long: the sessions that their stores list while transcripts are read, then sure links
 * while the others are weighed. Only a scan before which nothing was shown has one, and only if it lasts.
 */
import type { AgentProgram, ReadingContext } from "../agents/program.ts";
import { type SurelyLinked, surelyLinked } from "../chains/link.ts";
import type { HomeIdentity } from "../model/home.ts";
import type { AgentReading, HomeReading } from "../model/reading.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import type { LinkedHome } from "./judging.ts";
import { type LinkedAgent, listedSnapshot, surelyLinkedSnapshot } from "./linking.ts";
import { inSlices } from "./time-slices.ts";

/** A home that was found, and by whom. */
export interface FoundHome {
  readonly program: AgentProgram;
  readonly home: HomeIdentity;
}

export interface FirstLookOptions {
  readonly homes: readonly FoundHome[];
  readonly context: ReadingContext;
  /** When something should be seen, milliseconds UTC; what follows comes at least `pauseMs` later. */
  readonly dueAt: number;
  readonly pauseMs: number;
  readonly show: (homes: readonly LinkedHome[]) => Promise<void>;
}

export class FirstLook {
  private readonly options: FirstLookOptions;
  private dueAt: number;
  private isListed = false;
  private isLinked = false;
  private readings: readonly HomeReading[] = [];
  private readonly done = new Map<AgentReading, AgentSnapshot>();
  /** Sure links that were found for showing: whoever weighs the rest goes on from them. */
  private readonly sure = new Map<AgentReading, SurelyLinked>();

  constructor(options: FirstLookOptions) {
    this.options = options;
    this.dueAt = options.dueAt;
  }

  /** For reading the homes: shows what their stores list as soon as that lasts too long. */
  readingContext(): ReadingContext {
    const { context } = this.options;
    const breathe = async (): Promise<void> => {
      await context.breathe();
      if (this.isListed || !this.isDue()) return;
      this.isListed = true;
      await this.showListed();
    };
    return { ...context, breathe };
  }

  /** All homes have been read. */
  haveRead(readings: readonly HomeReading[]): void {
    this.readings = readings;
  }

  /** To be called between agents that are linked: shows once, when it is time, what is sure of all of them. */
  async showSureWhenDue(): Promise<void> {
    if (this.isLinked || !this.isDue()) return;
    this.isLinked = true;
    const linked: LinkedHome[] = [];
    for (const reading of this.readings) {
      const agents: AgentSnapshot[] = [];
      for (const agent of reading.agents) {
        await this.options.context.breathe();
        agents.push(this.done.get(agent) ?? surelyLinkedSnapshot(await this.surelyLinked(agent)));
      }
      linked.push({ reading, agents });
    }
    await this.show(linked);
  }

  /** The sure links of an agent, if they were found for showing; they are given out once. */
  takeSure(agent: AgentReading): SurelyLinked | undefined {
    const known = this.sure.get(agent);
    this.sure.delete(agent);
    return known;
  }

  /** The agent is linked as a whole. */
  finish({ raw, snapshot }: LinkedAgent): void {
    if (!this.isLinked) this.done.set(raw, snapshot);
  }

  private isDue(): boolean {
    return this.options.context.world.now() >= this.dueAt;
  }

  private async showListed(): Promise<void> {
    const listed: LinkedHome[] = [];
    for (const { program, home } of this.options.homes) {
      const reading = await program.glance(home, this.options.context);
      listed.push({ reading, agents: reading.agents.map(listedSnapshot) });
    }
    await this.show(listed);
  }

  private async show(homes: readonly LinkedHome[]): Promise<void> {
    await this.options.show(homes);
    this.dueAt = this.options.context.world.now() + this.options.pauseMs;
  }

  private async surelyLinked(agent: AgentReading): Promise<SurelyLinked> {
    const found = await inSlices(surelyLinked(agent), this.options.context.breathe);
    this.sure.set(agent, found);
    return found;
  }
}
