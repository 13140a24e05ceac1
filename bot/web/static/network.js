// What is said of the network: that it is away, and that it is slow.

import { form } from "./dom.js";

const SLOW = 8000; // milliseconds without a sign of life: the server gives one each second
const GONE = 60000;

// Watches one request: shows `line` while nothing comes, gives up in the end. Returns what to call at each sign of life, and at the end.
export function watch(line, giveUp) {
  let slow = 0;
  let gone = 0;
  const end = () => {
    clearTimeout(slow);
    clearTimeout(gone);
    line.hidden = true;
  };
  const alive = () => {
    end();
    slow = setTimeout(() => { line.hidden = false; }, SLOW);
    gone = setTimeout(giveUp, GONE);
  };
  alive();
  return { alive, end };
}

function tellOfNetwork() {
  const line = form.querySelector("[data-network]");
  line.hidden = navigator.onLine;
  line.textContent = navigator.onLine ? "" : "Đang mất mạng. Câu hỏi vẫn được giữ ở đây, có mạng lại thì gửi được.";
}

if (form) {
  addEventListener("offline", tellOfNetwork);
  addEventListener("online", tellOfNetwork);
  tellOfNetwork();
}
