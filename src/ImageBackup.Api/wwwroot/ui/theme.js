// Before the first paint, so that a chosen scheme does not flash.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('imagebackup.theme');
  } catch {
    // Storage is switched off: the system's scheme it is.
  }
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
