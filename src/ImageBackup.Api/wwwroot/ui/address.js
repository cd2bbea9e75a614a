// The view and its filters in the page's address, so that Back, a reload and a link show the same.

const last = new Map();

/** Returns the view's name, the id of the shown item, and the filters. */
export function readAddress() {
  const [, name = '', id, query = ''] = /^#\/([a-z]+)(?:\/(\d+))?(?:\?(.*))?$/.exec(location.hash) ?? [];
  return { name, id, filters: Object.fromEntries(new URLSearchParams(query)) };
}

/** Writes the filters that are set into the address, without an entry in the history. */
export function writeFilters(filters) {
  const { name } = readAddress();
  const given = Object.entries(filters).filter(([, value]) => value !== '');
  const hash = `#/${name || 'backups'}${given.length ? `?${new URLSearchParams(given)}` : ''}`;
  last.set(name || 'backups', hash);
  history.replaceState(null, '', hash);
}

/** Returns the address of a list as it was left. */
export function listAddress(name) {
  return last.get(name) ?? `#/${name}`;
}
