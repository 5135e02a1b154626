/** The one clock of a program: it moves by a millisecond with each reading, on with the steps and timers, and never back. */
export class Clock {
  /** Where it began: what a program takes for the time its process was started. */
  readonly startMs: number;
  /** What the next reading gives; looking at it does not move it. */
  now: number;

  constructor(startMs: number) {
    this.startMs = startMs;
    this.now = startMs;
  }

  read(): number {
    const now = this.now;
    this.now += 1;
    return now;
  }

  /** A reading in milliseconds since the start. */
  elapsed(): number {
    return this.read() - this.startMs;
  }

  moveTo(ms: number): void {
    this.now = Math.max(this.now, ms);
  }
}
