/**
 * Two measured faces that move in step, drawn from the page's data. Nothing is measured here:
 * between rest and the hold, points move in a straight line.
 */

/** @typedef {{style: string, points: number[], back: number[], closed: boolean}} Line */
/** @typedef {{box: number[], head: string, moments: Record<string, number[]>}} Face */

const SVG = "http://www.w3.org/2000/svg";
const SECONDS = { rest: 0.9, onset: 0.8, hold: 1.4, release: 0.9 };
const CYCLE = SECONDS.rest + SECONDS.onset + SECONDS.hold + SECONDS.release;

const short = (value) => Math.round(value * 10) / 10;
const ease = (t) => t * t * (3 - 2 * t);

/**
 * How much of the movement is reached at a time of the cycle.
 * @param {number} seconds
 * @returns {number} 0 to 1.
 */
function reached(seconds) {
  let t = seconds % CYCLE;
  if (t < SECONDS.rest) return 0;
  t -= SECONDS.rest;
  if (t < SECONDS.onset) return ease(t / SECONDS.onset);
  t -= SECONDS.onset;
  if (t < SECONDS.hold) return 1;
  return ease(1 - (t - SECONDS.hold) / SECONDS.release);
}

/**
 * A smooth path through points (Catmull and Rom 1974).
 * @param {number[]} xy Points one after another, mm, up positive.
 * @param {number[]} numbers Which points.
 * @param {boolean} closed
 */
function smooth(xy, numbers, closed) {
  const n = numbers.length;
  const at = (k) => numbers[closed ? (k + n) % n : Math.min(Math.max(k, 0), n - 1)];
  const x = (i) => xy[2 * i];
  const y = (i) => -xy[2 * i + 1];
  const parts = [`M${short(x(at(0)))} ${short(y(at(0)))}`];
  for (let k = 0; k < (closed ? n : n - 1); k++) {
    const [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)];
    parts.push(
      `C${short(x(b) + (x(c) - x(a)) / 6)} ${short(y(b) + (y(c) - y(a)) / 6)}` +
        ` ${short(x(c) - (x(d) - x(b)) / 6)} ${short(y(c) - (y(d) - y(b)) / 6)} ${short(x(c))} ${short(y(c))}`,
    );
  }
  return parts.join("") + (closed ? "Z" : "");
}

/**
 * @param {number[]} xy
 * @param {Line} line
 */
function linePath(xy, line) {
  const there = smooth(xy, line.points, line.closed);
  if (!line.back.length) return there;
  return `${there}L${smooth(xy, [...line.back].reverse(), false).slice(1)}Z`;
}

function add(parent, name, style) {
  const made = document.createElementNS(SVG, name);
  if (style) made.setAttribute("class", style);
  parent.append(made);
  return made;
}

/** One face: its shapes are made once, then only moved. */
class Drawing {
  /**
   * @param {SVGSVGElement} svg
   * @param {Face} face
   * @param {{oval: number[], lines: Line[], eyes: {edge: Line, upper: Line, iris: number}[]}} data
   */
  constructor(svg, face, data) {
    this.face = face;
    this.data = data;
    svg.setAttribute("viewBox", face.box.join(" "));
    add(svg, "path", "mm-head").setAttribute("d", face.head);
    this.oval = add(svg, "path", "mm-oval");
    this.eyes = data.eyes.map((eye) => {
      const edge = add(svg, "path", eye.edge.style);
      const iris = add(svg, "circle", "mm-iris");
      iris.setAttribute("r", "5.6");
      return { edge, iris, upper: add(svg, "path", eye.upper.style) };
    });
    this.lines = data.lines.map((line) => add(svg, "path", line.style));
  }

  /**
   * @param {string} movement
   * @param {number} share How much of the movement is reached.
   */
  show(movement, share) {
    const rest = this.face.moments.rest;
    const hold = this.face.moments[movement] ?? rest;
    const xy = rest.map((value, i) => value + share * (hold[i] - value));
    this.oval.setAttribute("d", smooth(xy, this.data.oval, true));
    this.data.lines.forEach((line, i) => this.lines[i].setAttribute("d", linePath(xy, line)));
    this.data.eyes.forEach((eye, i) => this.showEye(this.eyes[i], eye, xy));
  }

  showEye(drawn, eye, xy) {
    drawn.edge.setAttribute("d", linePath(xy, eye.edge));
    drawn.upper.setAttribute("d", linePath(xy, eye.upper));
    const middle = Math.floor(eye.edge.points.length / 2);
    const upper = xy[2 * eye.edge.points[middle] + 1];
    const lower = xy[2 * eye.edge.back[middle] + 1];
    drawn.iris.setAttribute("visibility", upper - lower > 1.5 ? "visible" : "hidden");
    drawn.iris.setAttribute("cx", short(xy[2 * eye.iris]));
    drawn.iris.setAttribute("cy", short(-xy[2 * eye.iris + 1]));
    drawn.iris.setAttribute("r", short(Math.max(Math.min((upper - lower) / 2, 5.6), 0.1)));
  }
}

/** @param {HTMLElement} root */
function start(root) {
  const data = JSON.parse(root.querySelector("[data-faces]").textContent);
  const drawings = [...root.querySelectorAll("[data-face]")].map(
    (svg) => new Drawing(svg, data.faces[Number(svg.dataset.face)], data),
  );
  const movement = root.querySelector("[data-movement]");
  const reach = root.querySelector("[data-reach]");
  const play = root.querySelector("[data-play]");
  const show = () => drawings.forEach((one) => one.show(movement.value, Number(reach.value) / 100));
  let began = 0;

  function step(now) {
    if (play.getAttribute("aria-pressed") !== "true") return;
    reach.value = String(Math.round(100 * reached((now - began) / 1000)));
    show();
    requestAnimationFrame(step);
  }

  play.addEventListener("click", () => {
    const plays = play.getAttribute("aria-pressed") !== "true";
    play.setAttribute("aria-pressed", String(plays));
    began = performance.now();
    if (plays) requestAnimationFrame(step);
  });
  reach.addEventListener("input", () => {
    play.setAttribute("aria-pressed", "false");
    show();
  });
  movement.addEventListener("change", show);
  show();
}

document.querySelectorAll("[data-pair]").forEach(start);
