// Runs before anything is drawn, so that nobody sees the other theme first.
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  // Without storage the browser's own preference holds.
}
