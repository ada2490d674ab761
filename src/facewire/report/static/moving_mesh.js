/* The moving mesh: rest, movement, rest. Each path carries its recipe (see figures/mesh.py), and the
   page's data the points; here points are moved and put in, and nothing else is computed:
   measured points as they are; simulated points = measured points + field x predicted change. */
(() => {
  "use strict";
  const SECONDS = { rest: 0.9, onset: 0.8, hold: 1.5, release: 1.0 };
  const CYCLE = SECONDS.rest + SECONDS.onset + SECONDS.hold + SECONDS.release;
  const HELD = SECONDS.rest + SECONDS.onset;
  const FRAME_MS = 33;

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

  /** Put points into a recipe: `i` is a point, `i:j:k` the handle of a curve beside it. */
  function drawn(recipe, points, tightness) {
    return recipe.replace(/(\d+)(?::(\d+):(\d+))?/g, (_, i, j, k) => {
      const at = (part) => points[2 * i + part] + (j ? (points[2 * j + part] - points[2 * k + part]) / tightness : 0);
      return short(at(0)) + " " + short(-at(1));
    });
  }

  /** The points of a face on the way into a movement; `day` adds what is predicted for it. */
  function posed(data, face, movement, part, day) {
    const held = face.moves[movement];
    const points = face.rest.map((value, i) => value + part * (held[i] - value));
    if (day !== null) add(data.simulated, points, movement, part, day);
    for (const [upper, lower] of data.lids) {
      points[2 * upper + 1] = Math.max(points[2 * upper + 1], points[2 * lower + 1]);
    }
    return points;
  }

  function add(simulated, points, movement, part, day) {
    const resting = simulated.change.rest[day];
    const moving = simulated.change.moves[movement][day];
    simulated.field.forEach((weights, column) => {
      const change = resting[column] + part * (moving[column] - resting[column]);
      if (change === 0) return;
      const shift = simulated.across[column] ? 0 : 1;
      for (let i = 0; i < weights.length; i++) points[2 * i + shift] += weights[i] * change;
    });
  }

  function start(figure) {
    const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const drawings = [...figure.querySelectorAll("svg[data-face]")].map((svg) => ({
      face: data.faces[svg.dataset.face],
      simulated: svg.dataset.role === "simulated",
      paths: [...svg.querySelectorAll("[data-path]")],
      irises: [...svg.querySelectorAll("[data-iris]")],
    }));
    const part = (name) => figure.querySelector("[data-" + name + "]");
    const controls = part("controls"), play = part("play"), choice = part("movement");
    const slider = part("day"), words = part("day-words"), lined = part("lined"), reach = part("reach");
    const state = { clock: HELD, reached: 1, playing: false, last: 0, drawn: "" };

    const dayShown = () => (slider ? Number(slider.value) : data.simulated ? data.simulated.day : null);

    function draw(one, movement, amount, day) {
      const measured = posed(data, one.face, movement, amount, null);
      const points = one.simulated ? posed(data, one.face, movement, amount, day) : measured;
      one.paths.forEach((path) => {
        path.setAttribute("d", drawn(path.dataset.path, "ghost" in path.dataset ? measured : points, data.tightness));
      });
      one.irises.forEach((iris) => {
        iris.setAttribute("transform", "translate(" + drawn(iris.dataset.iris, points, data.tightness) + ")");
      });
    }

    function show(amount) {
      const day = dayShown();
      const key = [choice.value, day, amount].join();
      if (key === state.drawn) return;
      [state.drawn, state.reached] = [key, amount];
      if (reach) reach.value = String(Math.round(100 * amount));
      drawings.forEach((one) => draw(one, choice.value, amount, day));
    }

    function say() {
      const day = dayShown();
      const label = day === null ? "" : data.simulated.days[day];
      if (words) words.textContent = label;
      if (slider) slider.setAttribute("aria-valuetext", label);
      const tell = (name, text) => figure.querySelectorAll(name).forEach((one) => { one.textContent = text; });
      if (day !== null) tell("[data-words]", data.simulated.words[choice.value][day]);
      tell("[data-name]", data.names[choice.value]);
      tell("[data-day-name]", label);
      show(state.reached);
    }

    function tick(now) {
      if (!state.playing) return;
      if (now - state.last >= FRAME_MS) {
        state.clock += Math.min(now - state.last, 200) / 1000;
        state.last = now;
        show(reached(state.clock));
      }
      requestAnimationFrame(tick);
    }

    function setPlaying(playing) {
      state.playing = playing;
      play.textContent = playing ? play.dataset.pause : play.dataset.go;
      state.last = performance.now();
      if (playing) requestAnimationFrame(tick);
    }

    function rest() {
      setPlaying(false);
      state.clock = HELD;
      show(1);
    }

    controls.hidden = false;
    play.addEventListener("click", () => (state.playing ? rest() : setPlaying(true)));
    choice.addEventListener("change", say);
    if (slider) slider.addEventListener("input", say);
    if (reach) reach.addEventListener("input", () => { setPlaying(false); show(Number(reach.value) / 100); });
    if (lined) lined.addEventListener("change", () => figure.classList.toggle("unlined", !lined.checked));
    window.addEventListener("beforeprint", rest);
    say();
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if ("plays" in figure.dataset && !still) setPlaying(true);
  }

  document.querySelectorAll("[data-moving-mesh]").forEach(start);
})();
