/** The sums of an injection table while it is filled in: for each side, and together. */

const form = document.getElementById("new");
const told = form?.querySelector("[data-sums]");

function tell() {
  const sums = { R: 0, L: 0 };
  for (const side of form.querySelectorAll('select[name^="side-"]')) {
    const units = form.elements[side.name.replace("side", "units")].value.replace(",", ".");
    if (side.value && Number(units) > 0) sums[side.value] += Number(units);
  }
  const plain = (number) => String(Math.round(number * 100) / 100);
  told.textContent = told.dataset.words
    .replace("{right}", plain(sums.R)).replace("{left}", plain(sums.L)).replace("{all}", plain(sums.R + sums.L));
}

if (told) {
  form.addEventListener("input", tell);
  tell();
}
