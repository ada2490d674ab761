/**
 * The camera: opened, and its pictures as JPEG files with their capture times.
 *
 * What is sent is what the camera gives. The preview is mirrored by the style sheet alone.
 */

export const HEIGHT_PX = 480;
const WIDTH_PX = 640;
const RATE_HZ = 30;
const MOST_UNDER_WAY = 3;
const SLACK_MS = 5;

/** A camera that cannot be used; `code` is one of refused, none, busy, unsupported. */
export class CameraError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const CODES = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/**
 * Open the camera.
 * @param {string} deviceId of a certain camera; empty for the usual one
 * @returns {Promise<MediaStream>}
 */
export async function openCamera(deviceId = "") {
  const able = navigator.mediaDevices?.getUserMedia
    && "requestVideoFrameCallback" in HTMLVideoElement.prototype
    && "OffscreenCanvas" in window;
  if (!able) throw new CameraError("unsupported");
  const wanted = {
    width: { ideal: WIDTH_PX },
    height: { ideal: HEIGHT_PX },
    frameRate: { ideal: RATE_HZ },
    ...(deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" }),
  };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    throw new CameraError(CODES[error.name] ?? "busy");
  }
}

/** @returns {Promise<MediaDeviceInfo[]>} the cameras that can be chosen */
export async function cameras() {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((one) => one.kind === "videoinput");
}

/**
 * @typedef {object} Taken a picture on its way
 * @property {number} number
 * @property {number} captureMs capture time, milliseconds since 1970 on this computer's clock
 * @property {number} seenMs when the page was given the picture, on the page's clock
 * @property {ArrayBuffer} jpeg
 */

/**
 * The video's present picture: as it is where the browser has VideoFrame, else as a bitmap.
 * @param {HTMLVideoElement} video @param {number} ms
 */
async function pictureOf(video, ms) {
  if ("VideoFrame" in window) return new VideoFrame(video, { timestamp: Math.round(1000 * ms) });
  return createImageBitmap(video);
}

/** Takes pictures from a playing video element, as fast as wanted and no faster than it can. */
export class Pictures {
  /**
   * @param {HTMLVideoElement} video
   * @param {(taken: Taken) => void} onPicture
   */
  constructor(video, onPicture) {
    this.video = video;
    this.onPicture = onPicture;
    this.rateHz = RATE_HZ;
    this.number = 0;
    this.dropped = 0;
    this.underWay = 0;
    this.dueMs = -Infinity;
    this.running = false;
    this.worker = new Worker(new URL("./encode.js", import.meta.url), { type: "module" });
    this.worker.onmessage = (event) => {
      this.underWay -= 1;
      if (this.running && event.data.jpeg) this.onPicture(event.data);
    };
  }

  start() {
    if (this.running) return;
    this.running = true;
    this.#wait();
  }

  stop() {
    this.running = false;
  }

  #wait() {
    this.video.requestVideoFrameCallback((now, frame) => {
      if (!this.running) return;
      this.#wait();
      this.#take(now, frame.captureTime ?? now);
    });
  }

  /**
   * @param {number} now
   * @param {number} captured
   */
  async #take(now, captured) {
    if (captured < this.dueMs - SLACK_MS) return;
    if (this.underWay >= MOST_UNDER_WAY) {
      this.dropped += 1;
      return;
    }
    const apartMs = 1000 / this.rateHz;
    // Counted on from when it was due: 26 of a camera's 30 pictures, not every second one.
    this.dueMs = Math.max(this.dueMs + apartMs, captured + apartMs / 2);
    this.underWay += 1;
    const number = this.number;
    this.number += 1;
    const share = Math.min(1, HEIGHT_PX / Math.min(this.video.videoHeight, this.video.videoWidth));
    try {
      const picture = await pictureOf(this.video, captured);
      const width = Math.round(this.video.videoWidth * share);
      const height = Math.round(this.video.videoHeight * share);
      const captureMs = performance.timeOrigin + captured;
      const order = { picture, width, height, number, captureMs, seenMs: now };
      this.worker.postMessage(order, [picture]);
    } catch {
      this.underWay -= 1;
      this.dropped += 1;
    }
  }
}
