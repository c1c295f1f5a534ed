import type { Movement, YearPlan } from './year-plan.ts';

type Errand = { readonly day: number; readonly run: (startRound: () => void) => void };

/** The work of the bank's own people, one errand after the other: corrections, freezes, closings. */
export class Desk {
  readonly #plan: YearPlan;
  #errands: Errand[];

  constructor(plan: YearPlan) {
    this.#plan = plan;
    this.#errands = [
      this.#errand(79, () => plan.block('freeze', 'lina.haas', 'Card reported stolen')),
      this.#errand(81, () => plan.unfreeze('lina.haas', 'New card issued')),
      { day: 180, run: (startRound) => this.#close('timo.berger:savings', 'timo.berger', startRound) },
      this.#errand(231, () =>
        plan.block('freeze', 'viktor.lindqvist', 'Online access taken over by somebody else'),
      ),
      this.#errand(274, () => plan.block('freeze', 'wolfgang.thiele:savings', 'Court order 12 M 384')),
    ];
  }

  /** Notes a movement to be reversed on the first bank day from `day` (counted from the first day) on. */
  takeBack(movement: Movement, day: number, reason: string): void {
    this.#errands.push(this.#errand(day, () => this.#plan.reverse(movement, reason)));
  }

  /** Does the errands due on a bank day; each begins a round of its own. */
  work(day: number, startRound: () => void): void {
    const due = this.#errands.filter((errand) => errand.day <= day);
    this.#errands = this.#errands.filter((errand) => errand.day > day);
    for (const { run } of due) run(startRound);
  }

  #errand(day: number, work: () => void): Errand {
    const run = (startRound: () => void): void => {
      startRound();
      work();
    };
    return { day, run };
  }

  #close(account: string, to: string, startRound: () => void): void {
    startRound();
    this.#plan.transfer(account, to, this.#plan.balanceOf(account), {
      description: 'Balance of the closed account',
    });
    startRound();
    this.#plan.block('close', account, 'At the customer’s request', to);
  }
}
