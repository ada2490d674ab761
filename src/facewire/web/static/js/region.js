/**
 * Touching a region of the face brings its part into the page without loading the page again;
 * touching a picture enlarges it.
 * Without this script the same links load the page with the region in it.
 */

/**
 * Put the region that an address names into this page.
 * @param {string} address Of the page with the region.
 * @returns {Promise<boolean>} Whether the part was found.
 */
async function bring(address) {
  const old = document.getElementById("region");
  old.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById("region");
    if (!part) return false;
    old.replaceWith(document.adoptNode(part));
    mark(address);
    return true;
  } catch {
    return false;
  } finally {
    old.removeAttribute("aria-busy");
  }
}

/**
 * Mark the region on the face that is shown.
 * @param {string} address
 */
function mark(address) {
  const wanted = new URL(address, location.href).search;
  for (const link of document.querySelectorAll("[data-region-link]")) {
    const own = new URL(link.getAttribute("href"), location.href).search;
    if (own === wanted) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/**
 * Go to a region; the browser loads the page itself where that fails.
 * @param {string} address
 * @param {boolean} remember Whether the step goes into the history.
 */
async function go(address, remember) {
  if (!(await bring(address))) {
    location.assign(address);
    return;
  }
  if (remember) history.pushState(null, "", address);
  const title = document.getElementById("region-title");
  title?.scrollIntoView({ block: "start" });
  title?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("[data-region-link]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(link.getAttribute("href"), true);
});

document.addEventListener("click", (event) => {
  const photo = event.target instanceof Element && event.target.closest("[data-photo]");
  if (!photo) return;
  photo.setAttribute("aria-pressed", String(photo.getAttribute("aria-pressed") !== "true"));
  photo.scrollIntoView({ block: "nearest" });
});

addEventListener("popstate", () => go(location.href, false));
