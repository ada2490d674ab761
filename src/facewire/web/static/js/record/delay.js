/**
 * The delay from a picture to its shown value: from the frame callback to after the paint.
 *
 * Told as an event, "facewire:shown", for whoever measures; the camera's own delay is not in it.
 */

const MOST_REMEMBERED = 120;

export class Delay {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Map<number, number>} */
    this.seen = new Map();
    this.painted = new MessageChannel();
    this.painted.port1.onmessage = (event) => this.#tell(event.data);
  }

  /** @param {number} number @param {number} seenMs */
  sent(number, seenMs) {
    this.seen.set(number, seenMs);
    if (this.seen.size > MOST_REMEMBERED) this.seen.delete(this.seen.keys().next().value);
  }

  /** @param {number} number of the picture whose values were just written into the page */
  shown(number) {
    requestAnimationFrame(() => this.painted.port2.postMessage(number));
  }

  #tell(number) {
    const seenMs = this.seen.get(number);
    if (seenMs === undefined) return;
    const detail = { number, delay_ms: performance.now() - seenMs };
    this.root.dispatchEvent(new CustomEvent("facewire:shown", { detail, bubbles: true }));
  }
}
