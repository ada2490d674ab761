/**
 * Grading by keyboard, with the Sunnybrook composite as it grows. Without this script the same form
 * is filled in by touch, and the composite stands on the page once it is saved.
 */

class Grading {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.words = form.dataset;
    this.items = [...form.querySelectorAll("fieldset.scale")];
    this.sum = form.querySelector("[data-sum]");
    form.querySelector("[data-keys]").hidden = false;
    form.addEventListener("change", () => this.tell());
    form.addEventListener("keydown", (event) => this.pressed(event));
    this.tell();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const item = event.target.closest("fieldset.scale");
    if (!item || !/^[0-9]$/u.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const choices = [...item.querySelectorAll("input")].slice(1);
    const isNumbered = choices.every((one) => /^[0-9]+$/u.test(one.value));
    const chosen = isNumbered ? choices.find((one) => one.value === event.key) : choices[Number(event.key) - 1];
    if (!chosen) return;
    event.preventDefault();
    chosen.checked = true;
    this.tell();
    this.focus(this.items[this.items.indexOf(item) + 1] ?? item);
  }

  /** @param {HTMLFieldSetElement} item */
  focus(item) {
    (item.querySelector("input:checked") ?? item.querySelector("input")).focus();
    item.scrollIntoView({ block: "center" });
  }

  tell() {
    const counted = this.items.filter((one) => one.querySelector("[data-points]"));
    const chosen = counted.map((one) => one.querySelector("input:checked")?.dataset.points).filter(Boolean);
    const score = Math.max(chosen.reduce((sum, points) => sum + Number(points), 0), 0);
    const words = chosen.length === counted.length ? this.words.wordsWhole : this.words.wordsPart;
    this.sum.textContent = words
      .replace("{score}", String(score))
      .replace("{done}", String(chosen.length))
      .replace("{all}", String(counted.length));
  }
}

for (const form of document.querySelectorAll('[data-module="grading"]')) new Grading(form);
