// Runs before the first paint, so that the colors do not flash.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('imagebackup.theme');
  } catch {
    // Storage is disabled: use the system's scheme.
  }
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
