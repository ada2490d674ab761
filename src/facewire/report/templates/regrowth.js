"use strict";
(() => {
  const data = JSON.parse(document.getElementById("courses").textContent);
  const slider = document.getElementById("month");
  const all = (name) => Array.from(document.querySelectorAll(name));
  const width = (percent, widest) => (percent < 1 ? 0 : widest * percent / 100);
  const wires = all("[data-wire]").map((path) => [path, ...path.dataset.wire.split(" ").map(Number)]);
  const cells = all("[data-cell]").map((cell) => [cell, ...cell.dataset.cell.split(" ").map(Number)]);
  const muscles = all("[data-muscle]").map((group) => [group, Number(group.dataset.muscle)]);
  const parts = all("[data-way]").map((path) => [path, ...path.dataset.way.split(" ").map(Number)]);

  const show = (month) => {
    for (const [path, i, j] of wires) {
      path.style.strokeWidth = width(data.drive[month][i][j], i === j ? 13 : 52);
    }
    for (const [cell, i, j] of cells) {
      const percent = data.drive[month][i][j];
      cell.textContent = percent < 1 ? "·" : String(percent);
      cell.style.setProperty("--share", String(percent));
    }
    for (const [group, i] of muscles) {
      group.style.setProperty("--force", data.force[month][i] / 100);
      group.style.setProperty("--wrong", data.wrong[month][i] / 100);
    }
    const tip = data.injury + data.front[month];
    for (const [path, start, end] of parts) {
      const share = Math.min(Math.max((tip - start) / (end - start), 0), 1);
      path.style.strokeDashoffset = 1 - share;
    }
    for (const out of all("[data-face]")) {
      const [middle, low, high] = data.face[out.dataset.face][month];
      out.textContent = out.dataset.words.replace("{middle}", middle).replace("{low}", low).replace("{high}", high);
    }
    data.patterns.forEach((shares, i) => {
      for (const out of all(`[data-pattern="${i}"]`)) { out.textContent = `${shares[month]} %`; }
      for (const bar of all(`[data-bar="${i}"]`)) { bar.style.width = `${shares[month]}%`; }
    });
    const x = 44 + 656 * month / slider.max;
    for (const cursor of all("[data-cursor]")) { cursor.setAttribute("transform", `translate(${x} 0)`); }
    for (const out of all("[data-month]")) { out.textContent = month; }
    slider.setAttribute("aria-valuetext", `month ${month}`);
  };

  let playing = 0;
  const play = document.getElementById("play");
  const stop = () => { clearInterval(playing); playing = 0; play.textContent = play.dataset.play; };
  play.addEventListener("click", () => {
    if (playing) { stop(); return; }
    if (slider.value === slider.max) { slider.value = 0; show(0); }
    play.textContent = play.dataset.stop;
    playing = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      show(Number(slider.value));
      if (slider.value === slider.max) { stop(); }
    }, 700);
  });
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  const asked = /^#month-(\d+)$/.exec(location.hash);
  if (asked) { slider.value = Math.min(Number(asked[1]), Number(slider.max)); }
  document.body.classList.add("moving");
  show(Number(slider.value));
})();
