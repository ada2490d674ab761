/* The moving mesh: rest, movement, rest. Draws what the page's data say and computes nothing else:
   measured points as they are; simulated points = measured points + field x predicted change. */
(() => {
  "use strict";
  const SECONDS = { rest: 0.9, onset: 0.8, hold: 1.5, release: 1.0 };
  const CYCLE = SECONDS.rest + SECONDS.onset + SECONDS.hold + SECONDS.release;
  const FRAME_MS = 33;
  const LIDS_AT = [468, 484];

  const ease = (t) => t * t * (3 - 2 * t);

  /** How much of the movement is reached at a time of the cycle, 0 to 1. */
  function reached(seconds) {
    let t = seconds % CYCLE;
    if (t < SECONDS.rest) return 0;
    t -= SECONDS.rest;
    if (t < SECONDS.onset) return ease(t / SECONDS.onset);
    t -= SECONDS.onset;
    if (t < SECONDS.hold) return 1;
    return ease(1 - (t - SECONDS.hold) / SECONDS.release);
  }

  const short = (value) => Math.round(value * 10) / 10;
  const pair = (points, i) => short(points[2 * i]) + " " + short(-points[2 * i + 1]);

  function smooth(points, numbers, closed) {
    const n = numbers.length;
    const at = (k) => numbers[closed ? (k + n) % n : Math.min(Math.max(k, 0), n - 1)];
    let path = "M" + pair(points, numbers[0]);
    for (let k = 0; k < (closed ? n : n - 1); k++) {
      const [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)];
      const handle = (p, q, r, part) => points[2 * p + part] + (points[2 * q + part] - points[2 * r + part]) / 6;
      path += "C" + short(handle(b, c, a, 0)) + " " + short(-handle(b, c, a, 1)) + " " +
        short(handle(c, b, d, 0)) + " " + short(-handle(c, b, d, 1)) + " " + pair(points, c);
    }
    return closed ? path + "Z" : path;
  }

  function linePath(points, line) {
    const there = smooth(points, line.points, line.closed);
    if (!line.back.length) return there;
    return there + "L" + smooth(points, [...line.back].reverse(), false).slice(1) + "Z";
  }

  function trianglesPath(points, triangles) {
    let path = "";
    for (let k = 0; k < triangles.length; k += 3) {
      path += "M" + pair(points, triangles[k]) + "L" + pair(points, triangles[k + 1]) + "L" + pair(points, triangles[k + 2]) + "Z";
    }
    return path;
  }

  function closeLids(points) {
    for (const start of LIDS_AT) {
      for (let i = 1; i < 8; i++) {
        const upper = 2 * (start + 8 + i) + 1;
        points[upper] = Math.max(points[upper], points[2 * (start + i) + 1]);
      }
    }
    return points;
  }

  function drawFace(face, data, points) {
    const oval = smooth(points, data.oval, true);
    face.ovals.forEach((path) => path.setAttribute("d", oval));
    face.tones.forEach((path, i) => path.setAttribute("d", trianglesPath(points, data.tones[i])));
    face.lines.forEach((path, i) => path.setAttribute("d", linePath(points, data.lines[i])));
    face.eyes.forEach((group, i) => {
      const eye = data.eyes[i];
      const edge = linePath(points, eye.edge);
      const upper = linePath(points, eye.upper);
      group.querySelectorAll("[data-edge]").forEach((path) => path.setAttribute("d", edge));
      group.querySelectorAll("[data-upper]").forEach((path) => path.setAttribute("d", upper));
      group.querySelectorAll("[data-fold]").forEach((path, k) => path.setAttribute("d", linePath(points, eye.folds[k])));
      group.querySelector("[data-iris]").setAttribute("transform", "translate(" + pair(points, eye.iris) + ")");
    });
  }

  /** Measured points, or simulated ones: what the field makes of the predicted change is added. */
  function posed(data, movement, part, day) {
    const held = data.moves[movement];
    const points = data.rest.map((value, i) => value + part * (held[i] - value));
    if (day === null) return closeLids(points);
    const resting = data.change.rest[day];
    const moving = data.change.moves[movement][day];
    data.field.forEach((weights, column) => {
      const change = resting[column] + part * (moving[column] - resting[column]);
      if (change === 0) return;
      const shift = data.across[column] ? 0 : 1;
      for (let i = 0; i < weights.length; i++) points[2 * i + shift] += weights[i] * change;
    });
    return closeLids(points);
  }

  function facesOf(figure) {
    return [...figure.querySelectorAll("svg[data-role]")].map((svg) => ({
      simulated: svg.dataset.role === "simulated",
      ovals: [...svg.querySelectorAll("[data-oval]")],
      tones: [...svg.querySelectorAll("[data-tone]")],
      lines: [...svg.querySelectorAll("[data-line]")],
      eyes: [...svg.querySelectorAll("[data-eye]")],
      ghosts: [...svg.querySelectorAll("[data-ghost]")],
    }));
  }

  function drawGhosts(face, data, points) {
    face.ghosts.forEach((path, i) => path.setAttribute("d", linePath(points, data.ghosts[i])));
  }

  function start(figure) {
    const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const faces = facesOf(figure);
    const part = (name) => figure.querySelector("[data-" + name + "]");
    const controls = part("controls"), play = part("play"), choice = part("movement");
    const slider = part("day"), words = part("day-words"), lined = part("lined");
    const state = { clock: SECONDS.rest + SECONDS.onset, playing: false, last: 0, drawn: "" };

    function show(always) {
      const amount = reached(state.clock);
      const day = slider ? Number(slider.value) : data.day;
      const key = [choice.value, day, amount].join();
      if (!always && key === state.drawn) return;
      state.drawn = key;
      const measured = posed(data, choice.value, amount, null);
      faces.forEach((face) => {
        drawFace(face, data, face.simulated ? posed(data, choice.value, amount, day) : measured);
        drawGhosts(face, data, measured);
      });
    }

    function say() {
      const day = slider ? Number(slider.value) : data.day;
      if (words) words.textContent = data.days[day];
      if (slider) slider.setAttribute("aria-valuetext", data.days[day]);
      figure.querySelectorAll("[data-words]").forEach((one) => { one.textContent = data.words[choice.value][day]; });
      figure.querySelectorAll("[data-name]").forEach((one) => { one.textContent = data.names[choice.value]; });
      figure.querySelectorAll("[data-day-name]").forEach((one) => { one.textContent = data.days[day]; });
      show(true);
    }

    function tick(now) {
      if (!state.playing) return;
      if (now - state.last >= FRAME_MS) {
        state.clock += Math.min(now - state.last, 200) / 1000;
        state.last = now;
        show(false);
      }
      requestAnimationFrame(tick);
    }

    function setPlaying(playing) {
      state.playing = playing;
      play.textContent = playing ? play.dataset.pause : play.dataset.go;
      state.last = performance.now();
      if (!playing) { state.clock = SECONDS.rest + SECONDS.onset; show(true); }
      if (playing) requestAnimationFrame(tick);
    }

    controls.hidden = false;
    play.addEventListener("click", () => setPlaying(!state.playing));
    choice.addEventListener("change", say);
    if (slider) slider.addEventListener("input", say);
    if (lined) lined.addEventListener("change", () => figure.classList.toggle("unlined", !lined.checked));
    window.addEventListener("beforeprint", () => setPlaying(false));
    say();
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    setPlaying(!still);
  }

  document.querySelectorAll("[data-moving-mesh]").forEach(start);
})();
