// The pages that list: buttons that copy and print, offered only where a script can.

for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if (button.matches("[data-print]")) return window.print();
  const told = (button.closest("li, section, .feed") || document).querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    told.textContent = `Đã sao chép ${button.dataset.copy}`;
  } catch {
    told.textContent = "Trình duyệt không cho sao chép; hãy chọn chữ rồi sao chép.";
  }
});

// What is passed is folded on the screen, and printed all the same.
const folded = () => [...document.querySelectorAll("details:not([open])")];
let opened = [];
addEventListener("beforeprint", () => (opened = folded()).forEach((each) => (each.open = true)));
addEventListener("afterprint", () => opened.forEach((each) => (each.open = false)));
