/** Tones and vibration beside what is shown: for eyes that are shut, and for who likes them. */

const TONES = { tick: [440, 0.06], go: [660, 0.14], let_go: [520, 0.22], end: [390, 0.3] };
const BUZZ = { go: [60], let_go: [90, 60, 90], end: [200] };

export class Sound {
  constructor() {
    /** @type {"off" | "eyes" | "all"} */
    this.mode = "eyes";
    this.context = null;
  }

  /** To be called from a click or key: browsers allow sound only then. */
  wake() {
    if (this.mode !== "off" && !this.context && "AudioContext" in window) {
      this.context = new AudioContext();
    }
    this.context?.resume?.();
  }

  /** @param {keyof typeof TONES} name @param {boolean} eyesShut whether the movement shuts the eyes */
  play(name, eyesShut) {
    if (this.mode === "off" || (this.mode === "eyes" && !eyesShut)) return;
    if (BUZZ[name]) navigator.vibrate?.(BUZZ[name]);
    if (!this.context) return;
    const [hz, seconds] = TONES[name];
    const now = this.context.currentTime;
    const tone = this.context.createOscillator();
    const volume = this.context.createGain();
    tone.frequency.value = hz;
    volume.gain.setValueAtTime(0, now);
    volume.gain.linearRampToValueAtTime(0.25, now + 0.01);
    volume.gain.linearRampToValueAtTime(0, now + seconds);
    tone.connect(volume).connect(this.context.destination);
    tone.start(now);
    tone.stop(now + seconds);
  }
}
