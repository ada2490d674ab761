/**
 * Plays the steps of a session: which phase is on, how long it lasts, what comes next.
 *
 * No clock of its own: `tick` is called with the time. Phases follow one another at planned times,
 * so that small delays do not add up; what is told is the time at which it really happened.
 */

/**
 * @typedef {object} Step
 * @property {string} movement name, or "rest"
 * @property {number} repetition
 * @property {string} effort
 * @property {number} ready_s
 * @property {number} onset_s
 * @property {number} hold_s
 * @property {number} release_s
 */

/** @param {Step} step @returns {{name: string, seconds: number}[]} */
export function phasesOf(step) {
  if (step.movement === "rest") return [{ name: "rest", seconds: step.ready_s }];
  return [
    { name: "ready", seconds: step.ready_s },
    { name: "onset", seconds: step.onset_s },
    { name: "hold", seconds: step.hold_s },
    { name: "release", seconds: step.release_s },
  ];
}

export class Player {
  /**
   * @param {Step[]} steps
   * @param {{phase: Function, end: Function, done: Function, waits?: Function}} on what happens:
   *   a phase begins (step, phase, ms), a step ends (step, ms), all steps are done (ms); and
   *   whether a phase whose time is over waits for the person (name, ms over)
   */
  constructor(steps, on) {
    this.steps = steps;
    this.on = on;
    this.step = 0;
    this.phase = 0;
    this.playing = false;
    /** @type {Set<number>} */
    this.done = new Set();
    this.waited = false;
  }

  get current() {
    return this.steps[this.step];
  }

  get phases() {
    return phasesOf(this.current);
  }

  /** @param {number} nowMs */
  secondsLeft(nowMs) {
    return Math.max(0, (this.endsMs - nowMs) / 1000);
  }

  /** @param {number} nowMs @returns {number} how much of the phase is over, 0 to 1 */
  share(nowMs) {
    const { seconds } = this.phases[this.phase];
    return Math.min(1, Math.max(0, 1 - (this.endsMs - nowMs) / (1000 * seconds)));
  }

  /** @returns {number} seconds of all steps that are still to be done */
  get left() {
    return this.steps.reduce((sum, step, i) => {
      return this.done.has(i) ? sum : sum + phasesOf(step).reduce((s, p) => s + p.seconds, 0);
    }, 0);
  }

  /** @param {number[]} done steps that need not be asked for again */
  know(done) {
    this.done = new Set(done);
  }

  /** @param {number} nowMs */
  play(nowMs) {
    const next = this.#next();
    if (next === this.steps.length) {
      this.on.done(nowMs);
      return;
    }
    this.step = next;
    this.playing = true;
    this.#begin(0, nowMs, nowMs);
  }

  stop() {
    this.playing = false;
  }

  #next() {
    const open = this.steps.findIndex((_, i) => !this.done.has(i));
    return open < 0 ? this.steps.length : open;
  }

  /** @param {number} phase @param {number} plannedMs @param {number} nowMs */
  #begin(phase, plannedMs, nowMs) {
    this.phase = phase;
    this.waited = false;
    this.endsMs = plannedMs + 1000 * this.phases[phase].seconds;
    this.on.phase(this.step, phase, nowMs);
  }

  /** @param {number} nowMs */
  tick(nowMs) {
    while (this.playing && nowMs >= this.endsMs) {
      const { name } = this.phases[this.phase];
      if (this.on.waits?.(name, nowMs - this.endsMs)) {
        this.waited = true;
        return;
      }
      const plannedMs = this.waited ? nowMs : this.endsMs;
      this.waited = false;
      if (this.phase + 1 < this.phases.length) {
        this.#begin(this.phase + 1, plannedMs, nowMs);
        continue;
      }
      this.done.add(this.step);
      this.on.end(this.step, nowMs);
      this.step = this.#next();
      if (this.step === this.steps.length) {
        this.playing = false;
        this.on.done(nowMs);
        return;
      }
      this.#begin(0, plannedMs, nowMs);
    }
  }

  /** Ask for the step under way once more, or for the one before when this one only begins. */
  again() {
    const fresh = this.phase === 0 && this.step > 0;
    const before = fresh ? this.#lastDone() : this.step;
    this.done.delete(before);
    return before;
  }

  #lastDone() {
    const asked = this.steps.map((s, i) => [s, i]);
    const found = asked.filter(([s, i]) => this.done.has(i) && i < this.step && s.movement !== "rest");
    return found.length ? found[found.length - 1][1] : this.step;
  }
}
