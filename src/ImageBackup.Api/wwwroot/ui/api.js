// The lists and records of the public API, as docs/api.md describes it. The page uses no private routes.
import { BASE, get, headers, OfflineError, projectPath, readEvents, refusal, send } from './http.js';
import { query, requests } from './requests.js';

function page(body, plural) {
  const next = body[`${plural}_links`]?.find((link) => link.rel === 'next')?.href;
  return {
    items: body[plural] ?? [],
    count: body.count ?? null,
    marker: next ? new URL(next, document.baseURI).searchParams.get('marker') : null,
  };
}

/** Loads pages until there are enough items, because a page of a search can have fewer items than its limit. */
async function enough(limit, load) {
  const items = [];
  let next = { marker: undefined };
  let count = null;
  do {
    next = await load({ limit: limit - items.length, marker: next.marker });
    items.push(...next.items);
    count ??= next.count ?? null;
  } while (next.marker && items.length < limit);
  return { items, count, marker: next.marker };
}

export const api = {
  async backups({ limit = 50, name, sort = 'created_at:desc', ...filters } = {}, signal) {
    const parameters = { ...filters, 'name~': name, sort, with_count: 'true' };
    return enough(limit, async (part) => page(await get(projectPath(`/image-backups/detail${query({ ...part, ...parameters })}`), signal), 'image-backups'));
  },
  async backup(id, signal) {
    return (await get(projectPath(`/image-backups/${encodeURIComponent(id)}`), signal))['image-backup'];
  },
  async images({ limit = 50, name, status, sort } = {}, signal) {
    return enough(limit, async (part) => {
      const body = await get(`/v2/images${query({ ...part, status, 'name~': name, sort })}`, signal);
      return { items: body.images ?? [], marker: body.next ? new URL(body.next, document.baseURI).searchParams.get('marker') : null };
    });
  },
  async nodes({ limit = 50, name, sort } = {}, signal) {
    return enough(limit, async (part) => {
      const found = page(await get(projectPath(`/backup-nodes${query({ ...part, 'name~': name, sort })}`), signal), 'backup_nodes');
      return { ...found, items: found.items.map((node) => node.registration ?? node) };
    });
  },
  async discovery(id, signal) {
    return (await get(projectPath(`/backup-nodes/${encodeURIComponent(id)}/discover`), signal)).discovered;
  },
  async buckets({ limit = 50, name, sort } = {}, signal) {
    return enough(limit, async (part) => page(await get(projectPath(`/cos${query({ ...part, 'name~': name, sort })}`), signal), 'cos'));
  },
  async nodeHealth(id, signal) {
    return (await get(projectPath(`/backup-nodes/${encodeURIComponent(id)}/health`), signal)).health;
  },
  async nodeArchives(id, { limit = 100, marker } = {}, signal) {
    const found = page(await get(projectPath(`/backup-nodes/${encodeURIComponent(id)}/archives${query({ limit, marker })}`), signal), 'archives');
    return { ...found, items: found.items.map((archive) => ({ ...archive, name: archive.ova_name })) };
  },
  async bucketHealth(id, signal) {
    return (await get(projectPath(`/cos/${encodeURIComponent(id)}/health`), signal)).health;
  },
  async services(signal) {
    return (await get(projectPath('/os-services'), signal)).services;
  },
  async operations(id, signal) {
    return page(await get(projectPath(`/image-backups/${encodeURIComponent(id)}/operations${query({ limit: 50 })}`), signal), 'operations');
  },
  async bucketImages(id, { limit = 100, marker } = {}, signal) {
    return page(await get(projectPath(`/cos/${encodeURIComponent(id)}/list_images${query({ limit, marker })}`), signal), 'images');
  },
  async templates(signal) {
    return page(await get(projectPath('/types'), signal), 'volume_types');
  },

  /** Yields the events of the project's operations. */
  async *events(signal) {
    const response = await send('GET', projectPath('/image-backups/events'), { accept: 'text/event-stream', signal });
    for await (const event of readEvents(response.body)) {
      yield { name: event.name, data: JSON.parse(event.data) };
    }
  },

  /** Yields progress events until the operation ends. It uses fetch because EventSource cannot send a token. */
  async *progressEvents(backup, signal) {
    const response = await send('GET', requests.progress(backup).path, { accept: 'text/event-stream', signal });
    for await (const event of readEvents(response.body)) {
      yield { name: event.name, details: JSON.parse(event.data).details };
    }
  },
};

/** Sends a file to an image, and tells how many bytes have left. It uses XMLHttpRequest because fetch does not tell. */
export function uploadFile(id, file, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${BASE}/v2/images/${encodeURIComponent(id)}/file`);
    for (const [name, value] of Object.entries(headers({ 'Content-Type': 'application/octet-stream' }))) {
      request.setRequestHeader(name, value);
    }
    request.upload.addEventListener('progress', (event) => progress(event.loaded, event.total));
    request.addEventListener('load', () => {
      if (request.status < 300) {
        resolve();
      } else {
        refusal(new Response(request.responseText, { status: request.status })).then(reject);
      }
    });
    request.addEventListener('error', () => reject(new OfflineError()));
    request.addEventListener('abort', () => reject(new OfflineError()));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
