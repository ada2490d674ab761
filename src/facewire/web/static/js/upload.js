/**
 * Sends a video in parts that each survive a cut connection, a closed page or a stopped app.
 *
 * The app says how much it has; this script goes on from there. An unfinished upload is found again
 * by name, size and the SHA-256 of the first MiB. Without this script the same form sends the whole
 * video at once.
 */

const PART_BYTES = 8 * 1024 * 1024;
const BLOCK_BYTES = 4 * 1024 * 1024;
const FIRST_BYTES = 1024 * 1024;
const LONGEST_WAIT_MS = 30_000;
const SPOKEN_EVERY = 0.25;

/** An answer of the app that is no success. */
class Refused extends Error {
  /**
   * @param {number} status
   * @param {{code: string, what: string, expected: string, found: string, do: string}} parts
   */
  constructor(status, parts) {
    super([parts.what, parts.do].filter(Boolean).join(". ") + ".");
    this.status = status;
    this.code = parts.code;
  }

  /** Whether the same request may work later or from elsewhere in the file. */
  get passes() {
    return this.code === "offset" || this.code === "busy" || this.status === 503;
  }
}

/**
 * @param {ArrayBuffer} bytes
 * @returns {Promise<ArrayBuffer>}
 */
const sha256 = (bytes) => crypto.subtle.digest("SHA-256", bytes);

/** @param {ArrayBuffer} bytes */
const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * SHA-256 of the SHA-256 of all blocks in a row: a file of any size in little memory.
 * @param {File} file
 * @param {(share: number) => void} said
 */
async function checksum(file, said) {
  const sums = new Uint8Array(Math.ceil(file.size / BLOCK_BYTES) * 32);
  for (let number = 0; number * BLOCK_BYTES < file.size; number += 1) {
    const block = file.slice(number * BLOCK_BYTES, (number + 1) * BLOCK_BYTES);
    sums.set(new Uint8Array(await sha256(await block.arrayBuffer())), number * 32);
    said(Math.min(((number + 1) * BLOCK_BYTES) / file.size, 1));
  }
  return hex(await sha256(sums.buffer));
}

/**
 * @param {string} address
 * @param {RequestInit} options
 */
async function ask(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, told.error ?? { code: "", what: answer.statusText || String(answer.status), do: "" });
}

/**
 * @param {string} address
 * @param {object} body
 */
async function post(address, body) {
  const headers = { "content-type": "application/json" };
  return (await ask(address, { method: "POST", headers, body: JSON.stringify(body) })).json();
}

/** One file on its way. */
class Sending {
  /**
   * @param {File} file
   * @param {{said: (share: number) => void, waits: () => void}} ears
   */
  constructor(file, ears) {
    this.file = file;
    this.ears = ears;
    this.stopped = false;
    this.abort = new AbortController();
  }

  /**
   * Begin, or find what was begun.
   * @param {string} visit
   * @param {{mirrored: boolean|null, cues: object[]|null}} more
   */
  async begin(visit, more) {
    const first = await this.file.slice(0, FIRST_BYTES).arrayBuffer();
    const body = { name: this.file.name, size_bytes: this.file.size, fingerprint: hex(await sha256(first)), ...more };
    const upload = await post(`/api/v1/visits/${visit}/uploads`, body);
    this.address = `/api/v1/uploads/${upload.id}`;
    this.offset = upload.received_bytes;
    return this.offset;
  }

  stop() {
    this.stopped = true;
    this.abort.abort();
  }

  /** Send the rest; returns whether all of it is there. */
  async send() {
    this.stopped = false;
    this.abort = new AbortController();
    let wait = 500;
    while (this.offset < this.file.size && !this.stopped) {
      try {
        await this.part();
        wait = 500;
      } catch (fault) {
        if (this.stopped) break;
        if (fault instanceof Refused && !fault.passes) throw fault;
        this.ears.waits();
        await pause(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        await this.ask();
      }
    }
    return !this.stopped;
  }

  async part() {
    const body = this.file.slice(this.offset, this.offset + PART_BYTES);
    const headers = { "upload-offset": String(this.offset), "content-type": "application/offset+octet-stream" };
    const answer = await ask(this.address, { method: "PATCH", headers, body, signal: this.abort.signal });
    this.offset = Number(answer.headers.get("upload-offset"));
    this.ears.said(this.offset / this.file.size);
  }

  /** Ask where to go on; no answer is no reason to give up. */
  async ask() {
    try {
      const answer = await ask(this.address, { method: "HEAD" });
      this.offset = Number(answer.headers.get("upload-offset"));
    } catch (fault) {
      if (fault instanceof Refused && fault.status < 500) throw fault;
    }
  }

  /** @param {(share: number) => void} said */
  async finish(said) {
    return post(`${this.address}/finish`, { checksum: await checksum(this.file, said) });
  }
}

/**
 * The form's script.
 * @param {HTMLFormElement} form
 */
function upload(form) {
  const words = form.dataset;
  const find = (name) => form.querySelector(`[data-${name}]`);
  const [bar, state, left, spoken, fault] = ["progress", "state", "left", "spoken", "fault"].map(find);
  const [send, rest, goOn, hint, drop] = ["send", "pause", "continue", "hint", "drop"].map(find);
  const input = form.elements.namedItem("video");
  let sending = null;
  let began = { at: 0, share: 0 };
  let lastSpoken = 0;

  const show = (element, yes) => element.toggleAttribute("hidden", !yes);
  const say = (text, aloud = true) => {
    state.textContent = text;
    if (aloud) spoken.textContent = text;
  };

  function remaining(share) {
    const seconds = ((performance.now() - began.at) / 1000) * ((1 - share) / Math.max(share - began.share, 1e-6));
    if (!(seconds > 0) || share - began.share < 0.02) return "";
    const unit = seconds > 90 ? words.wordsMinutes.replace("{number}", Math.round(seconds / 60)) : words.wordsSeconds.replace("{number}", Math.ceil(seconds / 5) * 5);
    return words.wordsLeft.replace("{time}", unit);
  }

  function said(share) {
    bar.querySelector("progress").value = share;
    left.textContent = remaining(share);
    const text = `${words.wordsSending}: ${Math.floor(share * 100)} %`;
    const aloud = share - lastSpoken >= SPOKEN_EVERY;
    if (aloud) lastSpoken = share;
    say(text, aloud);
  }

  function moving(yes) {
    for (const [element, shown] of [[bar, true], [hint, true], [send, false], [rest, yes], [goOn, !yes]]) show(element, shown);
    input.disabled = true;
    show(fault, false);
  }

  function refused(error) {
    const words_ = error instanceof Refused && error.status === 401 ? words.wordsSignIn : error.message;
    fault.querySelector("[data-fault-words]").textContent = words_;
    show(fault, true);
    show(rest, false);
    const lasting = error instanceof Refused && error.status === 507;
    show(goOn, lasting);
    show(send, !lasting);
    input.disabled = lasting;
    left.textContent = "";
  }

  async function cues() {
    const file = form.elements.namedItem("cues")?.files[0];
    if (!file) return null;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const [first, second] = bytes;
      const marked = first === 0xff && second === 0xfe ? "utf-16le" : "utf-16be";
      const encoding = first + second === 0x1fd ? marked : "utf-8";
      return JSON.parse(new TextDecoder(encoding).decode(bytes));
    } catch {
      throw new Error(words.wordsCues);
    }
  }

  async function run() {
    moving(true);
    began = { at: performance.now(), share: sending.offset / sending.file.size };
    said(began.share);
    if (!(await sending.send())) {
      say(words.wordsPaused);
      left.textContent = "";
      moving(false);
      return;
    }
    show(rest, false);
    say(words.wordsChecking);
    const recording = await sending.finish((share) => {
      bar.querySelector("progress").value = share;
    });
    say(words.wordsDone);
    location.assign(`/recordings/${recording.id}`);
  }

  async function start() {
    const mirrored = { yes: true, no: false }[new FormData(form).get("mirrored")] ?? null;
    const more = { mirrored, cues: await cues() };
    sending = new Sending(input.files[0], { said, waits: () => say(words.wordsWaiting) });
    const offset = await sending.begin(words.visit, more);
    if (offset > 0) spoken.textContent = words.wordsAgain;
    await run();
  }

  const guarded = (step) => () =>
    step().catch((error) => {
      // The page itself tells of the same video that is there already, with what can be done.
      if (error instanceof Refused && error.code === "duplicate") location.reload();
      else refused(error);
    });

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    guarded(start)();
  });
  rest.addEventListener("click", () => sending?.stop());
  goOn.addEventListener("click", guarded(run));
  dropping(drop, input);
}

/**
 * @param {HTMLElement} place
 * @param {HTMLInputElement} input
 */
function dropping(place, input) {
  const over = (yes) => (event) => {
    event.preventDefault();
    place.toggleAttribute("data-over", yes && !input.disabled);
  };
  place.addEventListener("dragover", over(true));
  place.addEventListener("dragleave", over(false));
  place.addEventListener("drop", (event) => {
    over(false)(event);
    if (!input.disabled && event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
  });
}

if (globalThis.crypto?.subtle) {
  for (const form of document.querySelectorAll('form[data-module="upload"]')) upload(form);
}
