// A whole document: its outline tells where the reader is.

const links = new Map([...document.querySelectorAll("[data-outline] a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const parts = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
let current = null;
let asked = false;

function point() {
  asked = false;
  const line = innerHeight / 4;
  let low = 0; // the last part that begins above the line
  for (let high = parts.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (parts[middle].getBoundingClientRect().top <= line) low = middle; else high = middle;
  }
  const link = parts.length ? links.get(parts[low].id) : null;
  if (link === current || !link) return;
  if (current) current.removeAttribute("aria-current");
  link.setAttribute("aria-current", "location");
  current = link;
  const place = link.closest(".aside");
  const top = link.getBoundingClientRect().top - place.getBoundingClientRect().top;
  if (top < 40 || top > place.clientHeight - 60) place.scrollTop += top - place.clientHeight / 3;
}

addEventListener("scroll", () => {
  if (!asked) requestAnimationFrame(point);
  asked = true;
}, { passive: true });
point();

// On a phone the outline closes once a part was chosen.
for (const outline of document.querySelectorAll("details.outline")) {
  outline.addEventListener("click", (event) => { if (event.target.closest("a")) outline.open = false; });
}
