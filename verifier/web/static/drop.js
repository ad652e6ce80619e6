// Accepts files dropped on the page, and warns early if one is too large. Everything works without it.
"use strict";
for (const form of document.querySelectorAll("form.drop")) {
  const input = form.querySelector("input[type=file]");
  const complaint = form.querySelector(".complaint");
  const fits = () => {
    const file = input.files[0];
    const tooLarge = Boolean(file) && file.size > Number(form.dataset.limit);
    complaint.textContent = tooLarge ? form.dataset.tooLarge : "";
    return Boolean(file) && !tooLarge;
  };
  const carriesFile = (event) => Array.from(event.dataTransfer.types).includes("Files");
  form.classList.add("ready");
  input.addEventListener("change", fits);
  form.addEventListener("submit", (event) => {
    if (!fits()) event.preventDefault();
  });
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    form.classList.remove("over");
    input.files = event.dataTransfer.files;
    if (fits()) form.requestSubmit();
  });
}
