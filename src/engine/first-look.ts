/**
 * A first look at homes that take long to link: sure links at once, while what must be weighed is weighed. Only a scan that
 * nothing was shown before has one, and only when it lasts longer than a person notices.
 */
import { type SurelyLinked, surelyLinked } from "../chains/link.ts";
import type { AgentReading, HomeReading } from "../model/reading.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import type { LinkedHome } from "./judging.ts";
import { type LinkedAgent, surelyLinkedSnapshot } from "./linking.ts";

export interface FirstLookOptions {
  readonly homes: readonly HomeReading[];
  /** Whether it has lasted so long that a person should see something. */
  readonly isDue: () => boolean;
  readonly breathe: () => Promise<void>;
  readonly show: (homes: readonly LinkedHome[]) => Promise<void>;
}

export class FirstLook {
  private readonly options: FirstLookOptions;
  private readonly done = new Map<AgentReading, AgentSnapshot>();
  /** Sure links that were found for showing: whoever weighs the rest goes on from them. */
  private readonly sure = new Map<AgentReading, SurelyLinked>();
  private shown = false;

  constructor(options: FirstLookOptions) {
    this.options = options;
  }

  /** To be called between agents: shows what is known by now, once, when it is time. */
  async showWhenDue(): Promise<void> {
    if (this.shown || !this.options.isDue()) return;
    this.shown = true;
    const homes: LinkedHome[] = [];
    for (const reading of this.options.homes) {
      const agents: AgentSnapshot[] = [];
      for (const agent of reading.agents) {
        await this.options.breathe();
        agents.push(this.done.get(agent) ?? surelyLinkedSnapshot(this.surelyLinked(agent)));
      }
      homes.push({ reading, agents });
    }
    await this.options.show(homes);
  }

  /** The sure links of an agent, if they were found for showing; they are given out once. */
  takeSure(agent: AgentReading): SurelyLinked | undefined {
    const known = this.sure.get(agent);
    this.sure.delete(agent);
    return known;
  }

  /** The agent is linked as a whole. */
  finish({ raw, snapshot }: LinkedAgent): void {
    if (!this.shown) this.done.set(raw, snapshot);
  }

  private surelyLinked(agent: AgentReading): SurelyLinked {
    const found = surelyLinked(agent);
    this.sure.set(agent, found);
    return found;
  }
}
