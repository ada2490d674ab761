/** The marks of quality: the most important hint in words, and whether all is well. */

const STEADY_MS = 700;
const SPOKEN_MS = 4000;

export class Marks {
  /**
   * @param {HTMLElement} root with data-slot "hint" and "spoken"
   * @param {Record<string, string>} hints @param {string} good
   */
  constructor(root, hints, good) {
    this.root = root;
    this.hints = hints;
    this.good = good;
    this.shown = "";
    this.candidate = "";
    this.since = 0;
    this.spokenAt = -Infinity;
  }

  /** @param {string} words shown while nothing is known yet */
  wait(words) {
    this.shown = "";
    this.root.dataset.state = "wait";
    this.root.querySelector("[data-slot=hint]").textContent = words;
  }

  /**
   * @param {string[]} problems of the newest picture @param {number} nowMs
   * @param {string} doing what the face does: "", asked, other or not_at_rest
   */
  see(problems, nowMs, doing = "") {
    const first = problems[0] ?? (doing || "good");
    if (first !== this.candidate) {
      this.candidate = first;
      this.since = nowMs;
    }
    if (first !== this.shown && (!this.shown || nowMs - this.since >= STEADY_MS)) {
      this.#show(first, nowMs);
    }
  }

  #show(name, nowMs) {
    this.shown = name;
    const words = name === "good" ? this.good : this.hints[name];
    this.root.dataset.state = ["good", "asked"].includes(name) ? "good" : "warn";
    this.root.querySelector("[data-slot=hint]").textContent = words;
    if (nowMs - this.spokenAt >= SPOKEN_MS) {
      this.spokenAt = nowMs;
      this.root.querySelector("[data-slot=spoken]").textContent = words;
    }
  }
}
