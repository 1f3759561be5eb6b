// Leaves at once and takes this page out of the history of the tab. Escape three times does the same.
const exit = document.getElementById("quick-exit");
const leave = (event) => {
  event.preventDefault();
  document.body.hidden = true;
  window.location.replace(exit.href);
};
let presses = 0;
let timer;
exit.addEventListener("click", leave);
document.addEventListener("keydown", (event) => {
  clearTimeout(timer);
  presses = event.key === "Escape" ? presses + 1 : 0;
  if (presses === 3) leave(event);
  timer = setTimeout(() => { presses = 0; }, 1500);
});
