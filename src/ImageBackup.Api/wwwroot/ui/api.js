// The public API, as docs/api.md describes it. The page uses no private routes.
import { session } from './session.js';

/** A proxy may serve the service below a path: the page is at <base>/ui/. */
export const BASE = new URL('..', document.baseURI).href.replace(/\/$/, '');

/** A refusal with the API's message. */
export class ApiError extends Error {
  constructor(status, message, requestId) {
    super(message);
    this.status = status;
    this.requestId = requestId;
  }
}

/** The service did not answer. */
export class OfflineError extends Error {
  constructor() {
    super('The service does not answer.');
  }
}

export function projectPath(path) {
  return `/v3/${encodeURIComponent(session.projectId)}${path}`;
}

/** How far the service's clock is ahead of the browser's, in milliseconds, as the last response told. */
let clockLead = 0;

/** The service's present time in milliseconds, to compare with the times in its responses. */
export function serverNow() {
  return Date.now() + clockLead;
}

function headers(extra = {}) {
  return session.token ? { ...extra, 'X-Auth-Token': session.token } : extra;
}

async function send(method, path, { body, accept = 'application/json', signal } = {}) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: headers({ Accept: accept, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }),
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new OfflineError();
  }
  const date = Date.parse(response.headers.get('Date') ?? '');
  clockLead = Number.isNaN(date) ? clockLead : date - Date.now();
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

/** Every error is {"<name>":{"code":N,"message":"…"}}; an answer of another shape comes from a proxy. */
async function refusal(response) {
  const requestId = response.headers.get('x-openstack-request-id');
  const text = await response.text();
  let message = '';
  try {
    message = Object.values(JSON.parse(text))[0]?.message ?? '';
  } catch {
    message = '';
  }
  const error = new ApiError(response.status, message || `The service answered ${response.status} ${response.statusText}`.trim(), requestId);
  if (response.status === 401) {
    window.dispatchEvent(new CustomEvent('imagebackup:unauthorized'));
  }
  return error;
}

async function json(method, path, options) {
  const response = await send(method, path, options);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

const get = (path, signal) => json('GET', path, { signal });

function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}

/** Returns one page of a list and the marker of the next page. */
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

/** The page's requests as data: the page sends them, and shows them as curl commands. */
export const requests = {
  exportImage: (fields) => ({ method: 'POST', path: projectPath('/image-backups/export_image'), body: { 'image-backup': fields } }),
  importImage: (fields) => ({ method: 'POST', path: projectPath('/image-backups/import_image'), body: { 'import-image': fields } }),
  upload: (id, bucket) => ({ method: 'POST', path: projectPath(`/image-backups/${id}/upload`), body: bucket ? { cos_bucket: bucket } : undefined }),
  download: (id, host) => ({ method: 'POST', path: projectPath(`/image-backups/${id}/download`), body: host ? { backup_host: host } : undefined }),
  verify: (id) => ({ method: 'POST', path: projectPath(`/image-backups/${id}/verify`) }),
  retry: (id) => ({ method: 'POST', path: projectPath(`/image-backups/${id}/retry`) }),
  reset: (id) => ({ method: 'PUT', path: projectPath(`/image-backups/${id}/reset_status`), body: { reset_status: { status: 'error' } } }),
  remove: (id, force) => ({ method: 'DELETE', path: projectPath(`/image-backups/${id}${force ? '?force=true' : ''}`) }),
  show: (id) => ({ method: 'GET', path: projectPath(`/image-backups/${id}`) }),
  progress: (backup, action = 'export') => ({
    method: 'GET',
    path: projectPath(`/image-backups/get_progress${query({ action, task_id: backup.task_id, backup_id: backup.id, details: 'true' })}`),
  }),
  registerNode: (fields) => ({ method: 'POST', path: projectPath('/backup-nodes'), body: { backup_nodes: { registration: fields } } }),
  changeNode: (id, fields) => ({ method: 'PUT', path: projectPath(`/backup-nodes/${id}`), body: { backup_nodes: { registration: fields } } }),
  removeNode: (id) => ({ method: 'DELETE', path: projectPath(`/backup-nodes/${id}`) }),
  discover: (id) => ({ method: 'PUT', path: projectPath(`/backup-nodes/${id}/discover`) }),
  registerBucket: (fields) => ({ method: 'POST', path: projectPath('/cos'), body: { cos: fields } }),
  changeBucket: (id, fields) => ({ method: 'PUT', path: projectPath(`/cos/${id}`), body: { cos: fields } }),
  removeBucket: (id) => ({ method: 'DELETE', path: projectPath(`/cos/${id}`) }),
};

/** Sends one of `requests`. */
export function perform({ method, path, body }) {
  return json(method, path, { body });
}

export const api = {
  async backups({ limit = 50, status, name, sort = 'created_at:desc' } = {}, signal) {
    const parameters = { status, 'name~': name, sort, with_count: 'true' };
    return enough(limit, async (part) => page(await get(projectPath(`/image-backups/detail${query({ ...part, ...parameters })}`), signal), 'image-backups'));
  },
  async backup(id, signal) {
    return (await get(projectPath(`/image-backups/${encodeURIComponent(id)}`), signal))['image-backup'];
  },
  async progress(backup, signal) {
    return (await get(requests.progress(backup).path, signal)).details;
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
  async bucketImages(id, { limit = 100, marker } = {}, signal) {
    return page(await get(projectPath(`/cos/${encodeURIComponent(id)}/list_images${query({ limit, marker })}`), signal), 'images');
  },
  async templates(signal) {
    return page(await get(projectPath('/types'), signal), 'volume_types');
  },

  /** Yields progress events until the operation ends. It uses fetch because EventSource cannot send a token. */
  async *progressEvents(backup, signal) {
    const response = await send('GET', requests.progress(backup).path, { accept: 'text/event-stream', signal });
    for await (const event of readEvents(response.body)) {
      yield { name: event.name, details: JSON.parse(event.data).details };
    }
  },
};

/** Reads server-sent events: fields up to an empty line; lines that start with a colon are heartbeats. */
async function* readEvents(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      text += value;
      let end;
      while ((end = text.indexOf('\n\n')) >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const event = readBlock(block);
        if (event) {
          yield event;
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function readBlock(block) {
  let name = 'message';
  const data = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) {
      name = line.slice(6).trim();
    } else if (line.startsWith('data:')) {
      data.push(line.slice(5).replace(/^ /, ''));
    }
  }
  return data.length ? { name, data: data.join('\n') } : null;
}

const SECRETS = ['password', 'access_key', 'secret_key', 'cos_api_key_id'];
const MARK = '\uE000';

/** Returns the request as a shell command. The token and secrets come from environment variables, so the screen never shows them. */
export function curl({ method, path, body }) {
  const parts = ['curl -sS'];
  if (method !== 'GET') {
    parts.push(`-X ${method}`);
  }
  if (session.token) {
    parts.push('-H "X-Auth-Token: $OS_TOKEN"');
  }
  if (body !== undefined) {
    parts.push("-H 'Content-Type: application/json'", `-d ${quote(JSON.stringify(body, hide)).replace(/\uE000(\w+)\uE000/g, "'\"$$$1\"'")}`);
  }
  parts.push(quote(BASE + path));
  return parts.join(' \\\n  ');
}

function hide(name, value) {
  return SECRETS.includes(name) ? MARK + name.toUpperCase() + MARK : value;
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// --- Keystone -----------------------------------------------------------------------------------------------------

async function token(identity, scope) {
  const response = await send('POST', '/identity/v3/auth/tokens', { body: { auth: { identity, ...(scope ? { scope } : {}) } } });
  const issued = (await response.json()).token;
  return { token: response.headers.get('X-Subject-Token'), user: issued.user?.name, projectId: issued.project?.id, projectName: issued.project?.name };
}

/** Logs in for a project, or for the user's first project. Returns the session's values. */
export async function logIn({ name, password, domain, project }) {
  const user = { name, domain: { name: domain }, password };
  const scope = project ? { project: { name: project, domain: { name: domain } } } : null;
  const issued = await token({ methods: ['password'], password: { user } }, scope);
  if (issued.projectId) {
    return issued;
  }
  const [first] = await projects(issued.token);
  return first ? scopeTo(first.id, issued.token) : issued;
}

/** Returns a token for another of the user's projects. */
export function scopeTo(projectId, present) {
  return token({ methods: ['token'], token: { id: present } }, { project: { id: projectId } });
}

/** Returns the projects in which the token's user has a role. */
export async function projects(present) {
  const response = await fetch(`${BASE}/identity/v3/auth/projects`, { headers: { 'X-Auth-Token': present }, credentials: 'omit', cache: 'no-store' });
  return response.ok ? (await response.json()).projects ?? [] : [];
}

/** Returns the service's version, or nothing if the service does not answer. */
export async function serviceVersion() {
  try {
    const response = await fetch(`${BASE}/healthcheck/ready`, { credentials: 'omit', cache: 'no-store' });
    return (await response.json()).version ?? '';
  } catch {
    return '';
  }
}
