/**
 * The line to the app: one WebSocket, opened again when it is lost.
 *
 * Pictures that belong to the recording stay here until the app says that they are stored, and are
 * sent again after a lost line. The app drops what it has already.
 */

const HEAD_BYTES = 12;
const KEPT_BIT = 0x80000000;
const MOST_UNSTORED = 600;
const MOST_BUFFERED = 400000;
const WAITS_MS = [300, 700, 1500, 3000, 5000];

export class Line {
  /**
   * @param {string} url
   * @param {(message: any) => void} onMessage
   * @param {(open: boolean) => void} onChange
   */
  constructor(url, onMessage, onChange) {
    this.url = url;
    this.onMessage = onMessage;
    this.onChange = onChange;
    this.tries = 0;
    this.over = false;
    this.joined = false;
    /** @type {{captureMs: number, bytes: ArrayBuffer}[]} */
    this.unstored = [];
    this.lost = 0;
    this.#open();
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  #open() {
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event) => this.#heard(JSON.parse(event.data));
    this.socket.onclose = () => this.#closed();
  }

  #closed() {
    this.joined = false;
    if (this.over) return;
    this.onChange(false);
    const wait = WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)];
    this.tries += 1;
    setTimeout(() => !this.over && this.#open(), wait);
  }

  #heard(message) {
    if (message.type === "state") {
      this.tries = 0;
      this.#stored(message.last_ms);
      if (!this.joined) this.#sendAgain();
      this.joined = true;
      this.onChange(true);
    } else if (message.type === "stored") {
      this.#stored(message.last_ms);
    }
    this.onMessage(message);
  }

  #sendAgain() {
    for (const one of this.unstored) this.socket.send(one.bytes);
  }

  /** @param {number} lastMs */
  #stored(lastMs) {
    this.unstored = this.unstored.filter((one) => Math.round(one.captureMs) > lastMs);
  }

  /** @param {object} message */
  send(message) {
    if (this.open) this.socket.send(JSON.stringify(message));
  }

  /**
   * Send a picture; one that is not kept is left out when others wait still.
   * @param {import("./camera.js").Taken} taken
   * @param {boolean} kept
   */
  sendPicture(taken, kept) {
    const bytes = withHead(taken, kept);
    if (kept) {
      this.unstored.push({ captureMs: taken.captureMs, bytes });
      if (this.unstored.length > MOST_UNSTORED) {
        this.unstored.shift();
        this.lost += 1;
      }
    }
    if (this.open && (kept || this.socket.bufferedAmount < MOST_BUFFERED)) this.socket.send(bytes);
  }

  close() {
    this.over = true;
    this.socket.close();
  }
}

/**
 * @param {import("./camera.js").Taken} taken
 * @param {boolean} kept
 * @returns {ArrayBuffer} capture time (float64), number (uint32, highest bit: kept), JPEG file
 */
export function withHead(taken, kept) {
  const bytes = new ArrayBuffer(HEAD_BYTES + taken.jpeg.byteLength);
  const view = new DataView(bytes);
  view.setFloat64(0, taken.captureMs, true);
  view.setUint32(8, ((taken.number & 0x7fffffff) | (kept ? KEPT_BIT : 0)) >>> 0, true);
  new Uint8Array(bytes, HEAD_BYTES).set(new Uint8Array(taken.jpeg));
  return bytes;
}
