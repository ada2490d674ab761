/**
 * Saves what is entered in a form as it is entered, says so, and takes it back when asked.
 * "Saved" is said of what the answer shows to be there, not of what was sent. Without this script,
 * and when saving fails, each form has its own button.
 */

const PAUSE_MS = 3000;

class Saving {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.said = form.querySelector("[data-saved]");
    this.undo = form.querySelector("[data-undo]");
    this.button = form.querySelector("button[type=submit], button:not([type])");
    this.kept = new Map(new FormData(form));
    this.turn = Promise.resolve();
    this.waiting = 0;
    this.button.hidden = true;
    form.addEventListener("submit", () => { this.leaving = true; });
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("input", (event) => this.typed(event.target));
    this.undo?.addEventListener("click", () => this.takeBack());
  }

  /** @param {HTMLTextAreaElement} field */
  typed(field) {
    if (field.tagName !== "TEXTAREA") return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.changed(field), PAUSE_MS);
  }

  /** @param {HTMLInputElement} field */
  changed(field) {
    clearTimeout(this.pause);
    const before = String(this.kept.get(field.name) ?? "");
    if (field.value !== before) this.save(field.name, field.value, before);
  }

  /**
   * @param {string} name
   * @param {string} value
   * @param {string} before
   */
  save(name, value, before) {
    this.kept.set(name, value);
    this.waiting += 1;
    this.turn = this.turn.then(async () => {
      const problem = await this.send(name, value);
      this.waiting -= 1;
      if (problem === null) this.tell(this.words.wordsSaved.replace("{time}", clock()));
      else {
        this.kept.set(name, before);
        this.tell(this.words.wordsFailed);
      }
      this.button.hidden = problem === null;
      this.last = problem === null ? { name, before } : null;
      if (this.undo) this.undo.hidden = this.last === null;
    });
  }

  /** Send one field; return null once the answer shows it, else what stood in the way. */
  async send(name, value) {
    const body = new URLSearchParams([[name, value]]);
    for (const own of this.form.querySelectorAll("input[type=hidden]")) body.set(own.name, own.value);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { accept: "text/html" } });
      if (!answer.ok) return String(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return this.words.shows === "note" ? this.noteShown(page, value) : shown(page, this.form.id, name, value);
    } catch (fault) {
      return String(fault);
    }
  }

  /** A note that was saved is found by its words; the next saving replaces it. */
  noteShown(page, value) {
    const words = (text) => text.split(/\s+/u).filter(Boolean).join(" ");
    const found = [...page.querySelectorAll("[data-note]")].find(
      (one) => words(one.querySelector("p").textContent) === words(value),
    );
    if (!found) return "not there";
    this.form.elements.replaces.value = found.dataset.note;
    return null;
  }

  /** Whether something that was entered is not known to be saved. */
  get isUnsaved() {
    if (this.leaving) return false;
    const entered = [...new FormData(this.form)].filter(([name]) => name !== "replaces");
    return this.waiting > 0 || entered.some(([name, value]) => value !== String(this.kept.get(name) ?? ""));
  }

  takeBack() {
    const { name, before } = this.last;
    const field = this.form.elements[name];
    const now = String(this.kept.get(name) ?? "");
    field.value = before;
    this.save(name, before, now);
  }

  tell(words) {
    this.said.textContent = words;
  }
}

/** @returns {string|null} */
function shown(page, id, name, value) {
  const form = page.getElementById(id);
  const there = form ? String(new FormData(form).get(name) ?? "") : null;
  return there === value ? null : "not there";
}

function clock() {
  return new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

const all = [...document.querySelectorAll('[data-module="autosave"]')].map((form) => new Saving(form));
addEventListener("beforeunload", (event) => {
  if (all.some((one) => one.isUnsaved)) event.preventDefault();
});
