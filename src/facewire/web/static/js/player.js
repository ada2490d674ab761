/**
 * A kept video in step with its traces, and another visit beside it: play, half speed, picture by
 * picture, repetition by repetition.
 */

class Player {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.frame = Number(root.dataset.frame);
    this.videos = [...root.querySelectorAll("video")];
    this.own = root.querySelector('[data-screen="own"]');
    this.beside = root.querySelector('[data-screen="beside"]');
    this.playButton = root.querySelector("[data-play]");
    this.half = root.querySelector("[data-half]");
    this.clock = root.querySelector("[data-clock]");
    this.playButton.addEventListener("click", () => this.toggle());
    this.half.addEventListener("click", () => this.slow());
    for (const one of root.querySelectorAll("[data-step]")) one.addEventListener("click", () => this.step(Number(one.dataset.step)));
    for (const one of root.querySelectorAll("[data-jump]")) one.addEventListener("click", () => this.jump(one));
    for (const one of root.querySelectorAll("[data-strip]")) one.addEventListener("pointerdown", (event) => this.touched(one, event));
    for (const one of this.videos) {
      for (const name of ["timeupdate", "seeked", "play", "pause", "ended"]) one.addEventListener(name, () => this.tell());
      one.addEventListener("error", () => this.fault());
      if (one.error) this.fault();
    }
    document.addEventListener("keydown", (event) => this.pressed(event));
    this.tell();
  }

  get isPlaying() {
    return this.videos.some((one) => !one.paused && !one.ended);
  }

  toggle() {
    if (this.isPlaying) for (const one of this.videos) one.pause();
    else for (const one of this.videos) one.play().catch(() => this.fault());
    this.run();
  }

  slow() {
    const isSlow = this.half.getAttribute("aria-pressed") !== "true";
    this.half.setAttribute("aria-pressed", String(isSlow));
    for (const one of this.videos) one.playbackRate = isSlow ? 0.5 : 1;
  }

  /** @param {number} pictures */
  step(pictures) {
    for (const one of this.videos) {
      one.pause();
      one.currentTime = Math.max(one.currentTime + pictures * this.frame, 0);
    }
  }

  /** @param {HTMLButtonElement} button */
  jump(button) {
    this.own.currentTime = Number(button.dataset.jump);
    if (this.beside && button.dataset.beside) this.beside.currentTime = Number(button.dataset.beside);
  }

  touched(strip, event) {
    const box = strip.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    this.root.querySelector(`[data-screen="${strip.dataset.strip}"]`).currentTime = share * Number(strip.dataset.length);
  }

  pressed(event) {
    if (/^(INPUT|SELECT|TEXTAREA|BUTTON|A)$/u.test(event.target.tagName)) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key === " ") this.toggle();
    else if (event.key in steps) this.step(steps[event.key]);
    else return;
    event.preventDefault();
  }

  run() {
    this.tell();
    if (this.isPlaying) requestAnimationFrame(() => this.run());
  }

  tell() {
    this.clock.textContent = `${this.own.currentTime.toFixed(2)} s`;
    const { go, pause } = this.playButton.dataset;
    this.playButton.textContent = this.isPlaying ? pause : go;
    for (const one of this.videos) {
      const strip = this.root.querySelector(`[data-strip="${one.dataset.screen}"]`);
      if (!strip) continue;
      const cursor = strip.querySelector("[data-cursor]");
      const x = String((one.currentTime / Number(strip.dataset.length)) * 1000);
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    }
  }

  fault() {
    const told = this.root.querySelector("[data-fault]");
    told.textContent = this.root.dataset.wordsFault;
    told.hidden = false;
  }
}

for (const root of document.querySelectorAll('[data-module="player"]')) new Player(root);
