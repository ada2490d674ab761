/** The animated face: drawings from rest to the hold, shown as in a mirror. */

const SVG = "http://www.w3.org/2000/svg";
const PARTS = ["brows", "eyes", "creases", "nose", "mouth", "teeth", "upper_lip", "lower_lip"];

export class Face {
  /**
   * @param {SVGSVGElement} svg
   * @param {object} rest drawing of the resting face
   * @param {boolean} still whether nothing may move by itself
   */
  constructor(svg, rest, still) {
    this.layer = svg.querySelector("[data-part=features]");
    this.lids = svg.querySelector("[data-part=lids]");
    this.rest = rest;
    this.still = still;
    this.draw(rest);
  }

  /** @param {object[]} drawings of a movement @param {number} share 0 rest to 1 hold */
  show(drawings, share) {
    const steps = drawings.length - 1;
    this.draw(drawings[this.still ? Math.round(share) * steps : Math.round(share * steps)]);
  }

  /** @param {object} drawing */
  draw(drawing) {
    if (drawing === this.shown) return;
    this.shown = drawing;
    const found = PARTS.flatMap((name) => paths(drawing, name));
    this.lids.replaceChildren(...paths(drawing, "eyes"));
    const seen = { r: 9, "clip-path": "url(#record-lids)" };
    found.push(...drawing.irises.map(([cx, cy]) => element("circle", "iris", { cx, cy, ...seen })));
    this.layer.replaceChildren(...found);
  }
}

function paths(drawing, name) {
  const own = Array.isArray(drawing[name]) ? drawing[name] : [drawing[name]];
  return own.filter(Boolean).map((d) => element("path", name.replace("_", "-"), { d }));
}

function element(tag, kind, attributes) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute("class", `drawn-${kind}`);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/**
 * How far the face is on its way while a phase is on.
 * @param {string} phase @param {number} share of the phase @param {number} seconds left
 * @returns {number} 0 rest to 1 hold
 */
export function shareOf(phase, share, seconds) {
  if (phase === "onset") return ease(share);
  if (phase === "hold") return 1;
  if (phase === "release") return 1 - ease(share);
  if (phase === "ready" && seconds > 1) return ease(Math.abs(((seconds - 1) % 2) - 1));
  return 0;
}

function ease(x) {
  const t = Math.min(1, Math.max(0, x));
  return t * t * (3 - 2 * t);
}
