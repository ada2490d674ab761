/** The page that records: camera check, guided movements, the end. Hook: data-module="record". */

import { CameraError, Pictures, cameras, openCamera } from "./camera.js";
import { Delay } from "./delay.js";
import { Face, shareOf } from "./face.js";
import { Line } from "./line.js";
import { Marks } from "./marks.js";
import { Player } from "./player.js";
import { Sound } from "./sound.js";

const RATES_HZ = [30, 26, 20, 15];
const MOST_WAITING = 8;
const LOOK_MS = 3000;
const FRAME_MS = 33;
const MOST_DROPPED = 0.25;
const MOST_UNSTORED = 150;
const COUNTED_S = 3;
/** How long a phase waits for a slow person after its time, milliseconds. */
const WAITS_MS = { onset: 2500, release: 2000 };
const SHOWN_MM = ["eye_height", "commissure_up", "commissure_across", "brow_height"];

const now = () => performance.timeOrigin + performance.now();

class Page {
  /** @param {HTMLElement} root @param {any} plan */
  constructor(root, plan) {
    this.root = root;
    this.plan = plan;
    this.mode = "check";
    this.rate = 0;
    this.waiting = 0;
    this.counts = { taken: 0, dropped: 0, atMs: 0 };
    const calm = document.documentElement.hasAttribute("data-calm");
    const still = calm || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.face = new Face(this.part("face"), plan.rest.drawing, still);
    this.marks = new Marks(this.part("marks"), { ...plan.hints, ...plan.doing }, plan.good);
    this.doing = "";
    /** @type {Map<number, boolean>} whether the newest repetition of a step was seen */
    this.seen = new Map();
    this.sound = new Sound();
    this.delay = new Delay(root);
    this.video = this.part("video");
    this.pictures = new Pictures(this.video, (taken) => this.#taken(taken));
    this.player = new Player(plan.steps, {
      phase: (step, phase, ms) => this.#phase(step, phase, ms),
      end: (step, ms) => this.#stepEnd(step, ms),
      done: () => this.#allDone(),
      waits: (name, overMs) => this.#waits(name, overMs),
    });
  }

  /** @param {string} name @returns {any} */
  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  async start() {
    this.#listen();
    const url = new URL(this.root.dataset.line, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.line = new Line(url.href, (m) => this.#heard(m), (open) => this.#lineChanged(open));
    await this.#openCamera();
    // Not once a screen picture: drawing 60 times a second cost as much as taking the pictures.
    setInterval(() => this.#frame(), FRAME_MS);
    setInterval(() => this.#look(), LOOK_MS);
  }

  async #openCamera(deviceId = "") {
    this.#problem("");
    try {
      this.stream?.getTracks().forEach((track) => track.stop());
      this.stream = await openCamera(deviceId);
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      this.#problem(error.code);
      this.part("again").hidden = error.code === "unsupported";
      return;
    }
    this.part("again").hidden = true;
    this.stream.getVideoTracks()[0].onended = () => this.#cameraEnded();
    this.video.srcObject = this.stream;
    await this.video.play();
    this.pictures.start();
    await this.#listCameras();
  }

  async #listCameras() {
    const found = await cameras();
    const choice = this.part("camera");
    choice.closest("[data-part=cameras]").hidden = found.length < 2;
    const own = this.stream.getVideoTracks()[0].getSettings().deviceId;
    choice.replaceChildren(...found.map((one) => {
      const option = new Option(one.label || one.deviceId.slice(0, 6), one.deviceId);
      option.selected = one.deviceId === own;
      return option;
    }));
  }

  #cameraEnded() {
    this.#pause();
    this.#problem("ended");
    this.part("again").hidden = false;
  }

  #listen() {
    this.root.addEventListener("click", (event) => {
      const action = event.target.closest?.("[data-do]")?.dataset.do;
      if (action) this.#do(action);
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.mode === "recording") {
        this.#pause();
        this.#problem("hidden");
      }
    });
    this.part("camera").addEventListener("change", (e) => this.#openCamera(e.target.value));
    this.part("sound").addEventListener("change", (e) => {
      this.sound.mode = e.target.value;
      this.sound.wake();
    });
    this.part("dialog").addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#do("stay");
    });
  }

  #key(event) {
    const typing = event.target.closest?.("input, select, textarea, summary, a, dialog");
    if (event.altKey || event.ctrlKey || event.metaKey || typing) return;
    const onButton = event.target.closest?.("button") !== null;
    const wanted = { p: "toggle", r: "repeat", s: "skip", Escape: "stop" }[event.key];
    const action = event.key === " " && !onButton ? "toggle" : wanted;
    if (!action || event.repeat) return;
    event.preventDefault();
    this.#do(action);
  }

  /** @param {string} action */
  #do(action) {
    this.sound.wake();
    const act = {
      toggle: () => (this.mode === "recording" ? this.#pause() : this.#goOn()),
      go_on: () => this.#goOn(),
      pause: () => this.#pause(),
      repeat: () => this.#repeat(),
      skip: () => this.#skip(),
      stop: () => this.#askEnd(),
      stay: () => this.part("dialog").close(),
      finish: () => this.#finish(),
      hide: () => this.#hide(),
      camera: () => this.#openCamera(),
    }[action];
    act?.();
  }

  #goOn() {
    if (!this.line.open || !["check", "paused"].includes(this.mode)) return;
    if (!this.stream?.active) {
      this.#problem("ended");
      return;
    }
    this.#problem("");
    this.#stayAwake();
    this.line.send({ type: this.mode === "check" ? "start" : "resume" });
  }

  async #stayAwake() {
    try {
      this.awake = await navigator.wakeLock?.request("screen");
    } catch {
      this.awake = null;
    }
  }

  #pause() {
    if (this.mode !== "recording") return;
    this.player.stop();
    this.#setMode("paused");
    this.line.send({ type: "pause" });
    this.awake?.release?.();
  }

  #repeat() {
    if (!["recording", "paused"].includes(this.mode)) return;
    const step = this.player.again();
    this.line.send({ type: "repeat", step });
    this.#say("instruction", this.plan.said.repeat_next);
    if (this.mode === "recording") this.player.play(now());
  }

  #skip() {
    if (!["recording", "paused"].includes(this.mode)) return;
    const { step } = this.player;
    this.line.send({ type: "skip", step });
    this.player.done.add(step);
    if (this.mode === "recording") this.player.play(now());
  }

  #askEnd() {
    if (this.mode === "check" || this.mode === "finishing") return;
    this.#pause();
    this.#say("covered", this.#covered());
    const dialog = this.part("dialog");
    if (!dialog.open) dialog.showModal();
  }

  #allDone() {
    this.player.stop();
    this.#setMode("paused");
    this.line.send({ type: "pause" });
    this.part("dialog-title").textContent = this.plan.said.finished;
    this.#askEnd();
  }

  #finish() {
    this.part("dialog").close();
    this.line.send({ type: "finish", keep_video: this.part("keep-video").checked });
  }

  #hide() {
    const hidden = this.root.toggleAttribute("data-hidden");
    this.part("hide").setAttribute("aria-pressed", String(hidden));
  }

  /** @param {import("./camera.js").Taken} taken */
  #taken(taken) {
    this.counts.taken += 1;
    this.delay.sent(taken.number, taken.seenMs);
    this.line.sendPicture(taken, this.mode === "recording" && this.player.playing);
  }

  /** @param {any} message */
  #heard(message) {
    const act = {
      values: () => this.#values(message),
      state: () => this.#state(message),
      seen: () => this.#judged(message),
      problem: () => this.#appProblem(message),
      starting: () => this.marks.wait(this.plan.said.starting),
      replaced: () => this.#replaced(),
      tracker_ended: () => this.#pause(),
      finishing: () => this.#share(message.share),
      done: () => location.assign(message.url),
    }[message.type];
    act?.();
  }

  #state(message) {
    const done = message.performed.filter((p) => ["kept", "skipped"].includes(p.outcome));
    this.player.know(done.map((p) => p.step));
    const told = message.performed.filter((p) => typeof p.seen === "boolean");
    this.seen = new Map(told.map((p) => [p.step, p.seen]));
    this.#progress();
    this.#say("covered", this.#covered());
    if (message.mode === "recording") {
      if (this.mode === "recording" && this.player.playing) return;
      this.#setMode("recording");
      this.player.play(now());
      return;
    }
    this.player.stop();
    this.#setMode(message.mode);
  }

  #replaced() {
    this.line.close();
    this.player.stop();
    this.pictures.stop();
    this.#setMode("paused");
    this.#problem("replaced");
  }

  #appProblem(message) {
    this.part("problem").hidden = false;
    this.#say("problem-words", [message.what, message.do].filter(Boolean).join(". "));
    if (message.fatal) this.line.close();
  }

  #lineChanged(open) {
    if (open) {
      if (this.problem === "lost") this.#problem("");
      return;
    }
    if (this.mode === "recording") {
      this.player.stop();
      this.#setMode("paused");
    }
    this.#problem("lost");
  }

  #values(message) {
    this.waiting = message.waiting;
    this.doing = message.doing ?? "";
    this.marks.see(message.quality.problems, performance.now(), this.#mark());
    if (message.values && this.part("numbers").open) this.#showNumbers(message.values);
    this.delay.shown(message.frame);
  }

  /** What the mark says of the face: nothing where nobody knows, or where it rests as it should. */
  #mark() {
    if (!this.player.playing || this.doing === "rest") return "";
    const { name } = this.player.phases[this.player.phase];
    const rests = name === "ready" || name === "rest";
    return rests && this.doing === "other" ? "not_at_rest" : this.doing;
  }

  /** Wait for who begins late or lets go slowly; a face that does not move is not waited for long. */
  #waits(name, overMs) {
    const unready = { onset: "rest", release: "asked" }[name];
    return overMs < (WAITS_MS[name] ?? 0) && this.doing === unready;
  }

  /** A repetition was judged: one that was not seen is asked for again before the next one begins. */
  #judged({ step, seen, why, again }) {
    if (seen) return;
    const resting = ["ready", "rest"].includes(this.player.phases[this.player.phase].name);
    if (!again || this.mode !== "recording" || !resting) {
      this.#say("note", this.plan.said.goes_on);
      return;
    }
    this.player.done.delete(step);
    this.line.send({ type: "repeat", step });
    this.player.play(now());
    this.#say("note", this.plan.again[why] ?? this.plan.again_otherwise);
  }

  #showNumbers(values) {
    for (const name of SHOWN_MM) {
      for (const side of ["L", "R"]) {
        const mm = values[`${name}_${side}`];
        const words = mm === null ? "–" : mm.toFixed(1);
        const cell = this.part(`${name}_${side}`);
        if (cell.textContent === words) continue;
        cell.textContent = words;
        cell.nextElementSibling.value = mm === null ? 0 : Math.min(1, Math.abs(mm) / 10);
      }
    }
  }

  #phase(step, phase, ms) {
    this.line.send({ type: "phase", step, phase, at_ms: ms });
    const { name } = this.player.phases[phase];
    const own = this.plan.movements[this.player.current.movement];
    const words = { ready: "get_ready", onset: "now", hold: "hold", release: "let_go", rest: "rest" };
    this.#say("word", this.plan.said[words[name]]);
    this.part("stage").dataset.phase = name;
    if (name === "onset") this.sound.play("go", own.eyes_shut);
    if (name === "release") this.sound.play("let_go", own.eyes_shut);
    if (name === "ready" || name === "rest") this.#announce();
  }

  #stepEnd(step, ms) {
    const own = this.plan.movements[this.plan.steps[step].movement];
    if (own?.eyes_shut) this.sound.play("end", true);
    this.line.send({ type: "step_end", step, at_ms: ms });
  }

  #announce() {
    const step = this.player.current;
    const own = this.plan.movements[step.movement];
    this.#say("movement", own ? own.name : this.plan.said.rest);
    this.#say("instruction", own ? own.how : this.plan.rest.how);
    this.#say("effort", own && step.effort !== "comfortable" ? this.plan.efforts[step.effort] : "");
    const count = this.plan.steps.filter((s) => s.movement === step.movement).length;
    const said = this.plan.said.repetition;
    const of = said.replace("{number}", step.repetition).replace("{count}", count);
    this.#say("repetition", own ? `${of}${this.#seenWords(step.movement)}` : "");
    this.#say("note", "");
    this.#say("spoken", own ? `${own.name}, ${of}. ${own.how}` : this.plan.rest.how);
    this.#progress();
  }

  /** How many repetitions of a movement were seen, once one was judged. */
  #seenWords(movement) {
    const own = [...this.seen].filter(([step]) => this.plan.steps[step].movement === movement);
    if (!own.length) return "";
    const number = own.filter(([, seen]) => seen).length;
    return ` · ${this.plan.said.seen.replace("{number}", number)}`;
  }

  /** What was seen so far of what is asked, movement by movement. */
  #covered() {
    const { steps, said, movements } = this.plan;
    if (!this.seen.size) return said.untold;
    const parts = Object.entries(movements).map(([key, { name }]) => {
      const own = steps.flatMap((step, i) => (step.movement === key ? [i] : []));
      const seen = own.filter((i) => this.seen.get(i)).length;
      return `${name} ${said.repetition.replace("{number}", seen).replace("{count}", own.length)}`;
    });
    const untold = [...this.player.done].some((i) => steps[i].movement !== "rest" && !this.seen.has(i));
    const told = `${this.part("all-seen").textContent}: ${parts.join(" · ")}`;
    return untold ? `${told}. ${said.untold}` : told;
  }

  #progress() {
    this.part("progress").value = this.player.done.size / this.plan.steps.length;
    const asked = this.plan.steps.filter((s) => s.movement !== "rest").length;
    const seen = [...this.seen.values()].filter(Boolean).length;
    const all = this.plan.said.all_seen.replace("{seen}", seen).replace("{count}", asked);
    this.#say("all-seen", this.seen.size ? all : "");
    const minutes = Math.max(0.5, Math.round(this.player.left / 30) / 2);
    const words = this.plan.said.minutes.replace("{minutes}", minutes);
    this.#say("left", this.player.left > 0 ? words : "");
  }

  #frame() {
    if (!this.player.playing) return;
    const ms = now();
    this.player.tick(ms);
    if (!this.player.playing) return;
    const { name } = this.player.phases[this.player.phase];
    const seconds = this.player.secondsLeft(ms);
    const own = this.plan.movements[this.player.current.movement];
    if (own) this.face.show(own.drawings, shareOf(name, this.player.share(ms), seconds));
    else this.face.draw(this.plan.rest.drawing);
    this.#count(name, seconds, own?.eyes_shut);
  }

  #count(name, seconds, eyesShut) {
    const counted = name === "ready" && seconds <= COUNTED_S;
    const shown = counted || name === "rest" ? String(Math.ceil(seconds)) : "";
    if (shown === this.counted) return;
    this.counted = shown;
    this.#say("count", shown);
    if (counted && shown) this.sound.play("tick", eyesShut);
  }

  #setMode(mode) {
    this.mode = mode;
    this.root.dataset.mode = mode;
    const shown = { check: ["start"], recording: ["pause"], paused: ["go-on"] }[mode] ?? [];
    for (const name of ["start", "pause", "go-on"]) this.part(name).hidden = !shown.includes(name);
    for (const name of ["repeat", "skip", "stop"]) {
      this.part(name).disabled = !["recording", "paused"].includes(mode);
    }
    if (mode === "paused") this.#say("word", this.plan.said.paused);
    this.#progress();
    if (mode === "finishing") this.#ending();
  }

  #ending() {
    this.pictures.stop();
    this.face.draw(this.plan.rest.drawing);
    delete this.part("stage").dataset.phase;
    for (const name of ["repetition", "effort", "word", "count", "left"]) this.#say(name, "");
    this.#say("movement", this.plan.said.ending);
    this.#share(0);
  }

  #share(share) {
    const percent = Math.round(100 * share);
    this.#say("instruction", this.plan.said.follow.replace("{percent}", percent));
    this.part("progress").value = share;
  }

  /** Send fewer pictures where they do not get through, and say so. */
  #look() {
    const dropped = this.pictures.dropped - this.counts.dropped;
    const all = this.counts.taken + dropped;
    const slow = (all > 0 && dropped / all > MOST_DROPPED) || this.line.unstored.length > MOST_UNSTORED;
    this.counts = { taken: 0, dropped: this.pictures.dropped };
    // A tracker that just fails to keep up does with a few pictures less; that needs no words.
    const behind = this.waiting > MOST_WAITING && this.rate === 0;
    if (!(slow || behind) || this.rate === RATES_HZ.length - 1) return;
    this.rate += 1;
    this.pictures.rateHz = RATES_HZ[this.rate];
    if (!slow) return;
    this.part("problem").hidden = false;
    this.#say("problem-words", this.plan.problems.slow.replace("{rate}", this.pictures.rateHz));
  }

  /** @param {string} code */
  #problem(code) {
    this.problem = code;
    this.part("problem").hidden = !code;
    this.#say("problem-words", code ? this.plan.problems[code] : "");
  }

  #say(part, words) {
    const place = this.part(part);
    if (place.textContent !== words) place.textContent = words;
  }
}

for (const root of document.querySelectorAll("[data-module=record]")) {
  const plan = await (await fetch(root.dataset.plan)).json();
  await new Page(root, plan).start();
}
