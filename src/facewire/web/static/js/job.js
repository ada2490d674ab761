/**
 * Shows how far the work on a recording is: what happens now, how much is done, about how long.
 * Spoken only when the step changes. Without this script the page loads itself again.
 */

const EVERY_MS = 1500;
const AFTER_FAULT_MS = 5000;

/** @param {HTMLElement} part */
function follow(part) {
  const words = part.dataset;
  const [step, left, spoken] = ["step", "left", "spoken"].map((name) => part.querySelector(`[data-${name}]`));
  const bar = part.querySelector("progress");
  const share = part.querySelector(".progress-words .soft");

  /** @param {number|null} seconds */
  function remaining(seconds) {
    if (seconds === null) return "";
    const minutes = seconds > 90;
    const number = minutes ? Math.round(seconds / 60) : Math.max(5, Math.ceil(seconds / 5) * 5);
    return words.wordsLeft.replace("{time}", (minutes ? words.wordsMinutes : words.wordsSeconds).replace("{number}", String(number)));
  }

  function show(job) {
    const key = job.state === "waiting" ? "wait" : job.step ?? "start";
    const text = part.getAttribute(`data-step-${key}`) ?? "";
    if (step.textContent !== text) spoken.textContent = text;
    step.textContent = text;
    bar.value = job.share;
    share.textContent = `${Math.round(job.share * 100)} %`;
    left.textContent = job.before ? words.wordsBefore.replace("{number}", String(job.before)) : remaining(job.remaining_s);
  }

  async function look() {
    let wait = EVERY_MS;
    try {
      const answer = await fetch(`/api/v1/jobs/${words.job}`, { headers: { accept: "application/json" } });
      if (answer.status === 401 || answer.status === 404) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const job = await answer.json();
      show(job);
      if (job.state !== "waiting" && job.state !== "running") {
        spoken.textContent = words.wordsEnded;
        return location.reload();
      }
    } catch {
      left.textContent = words.wordsLost;
      wait = AFTER_FAULT_MS;
    }
    return setTimeout(look, wait);
  }

  look();
}

for (const part of document.querySelectorAll('[data-module="job"]')) follow(part);
