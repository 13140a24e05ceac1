// The admin page: progress of uploads and jobs, and a question before anything is taken away.
"use strict";

for (const form of document.querySelectorAll("[data-sure]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.sure)) event.preventDefault();
  });
}

for (const form of document.querySelectorAll("[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bar = form.querySelector("progress");
    const told = form.querySelector(".told");
    const button = form.querySelector("button");
    const request = new XMLHttpRequest();
    bar.hidden = false;
    button.disabled = true;
    request.upload.addEventListener("progress", (at) => {
      bar.value = at.lengthComputable ? (100 * at.loaded) / at.total : 0;
      told.textContent = `Đang tải lên: ${Math.round(bar.value)} %`;
    });
    request.addEventListener("load", () => {
      const content = request.getResponseHeader("Content-Type") || "";
      const answer = content.includes("json") ? JSON.parse(request.responseText) : null;
      if (request.status === 202 && answer) { location.href = answer.location; return; }
      failed(answer ? answer.detail : "Máy chủ không nhận tệp. Hãy đăng nhập lại rồi thử lại.");
    });
    request.addEventListener("error", () => failed("Mất kết nối khi tải lên. Hãy thử lại."));
    const failed = (text) => { told.textContent = text; bar.hidden = true; button.disabled = false; };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
  });
}

for (const box of document.querySelectorAll("[data-job]")) {
  const bar = box.querySelector("progress");
  const line = box.querySelector("[data-line]");
  const look = async () => {
    const response = await fetch(`/quan-tri/viec/${box.dataset.job}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response && response.ok) {
      const job = await response.json();
      if (job.state !== "running") { location.reload(); return; }
      line.textContent = job.line;
      const share = job.line.match(/(\d+)\s*\/\s*(\d+)/);
      if (share) { bar.max = Number(share[2]); bar.value = Number(share[1]); } else { bar.removeAttribute("value"); }
    }
    setTimeout(look, 700);
  };
  setTimeout(look, 400);
}
