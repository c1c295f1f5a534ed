import { systemClock } from '#lib/time/clock.ts';
import type { Shell } from './shell.ts';

const BAR_WIDTH = 30;
/** Ten times a second is as smooth as a person sees, and costs nothing beside the work. */
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** How far long work has come, on standard error: a bar on a terminal, else a line for each phase. */
export class ProgressBar {
  #phase: string | undefined;
  #drawnAtMs = 0;
  readonly #shell: Shell;
  readonly #isQuiet: boolean;

  /** A quiet one says nothing where there is no terminal. */
  constructor(shell: Shell, { isQuiet = false }: { readonly isQuiet?: boolean } = {}) {
    this.#shell = shell;
    this.#isQuiet = isQuiet;
  }

  update(phase: string, done: number, total: number): void {
    const isNewPhase = phase !== this.#phase;
    this.#phase = phase;
    if (!this.#shell.isWatched) {
      if (isNewPhase && !this.#isQuiet) this.#shell.note(`${phase}\n`);
      return;
    }
    const nowMs = systemClock.monotonicMs();
    if (!isNewPhase && nowMs - this.#drawnAtMs < REDRAW_MS) return;
    this.#drawnAtMs = nowMs;
    this.#shell.note(`${CLEAR_LINE}${renderBar(phase, done, total)}`);
  }

  /** Takes the bar away: what comes next stands on a line of its own. */
  end(): void {
    if (this.#shell.isWatched && this.#phase !== undefined) this.#shell.note(CLEAR_LINE);
  }
}

function renderBar(phase: string, done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(done / total, 1);
  const full = Math.floor(share * BAR_WIDTH);
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${percent} %  ${phase}`;
}
