// The page's requests as data: the page sends them, and shows them as curl commands.
import { BASE, json, projectPath } from './http.js';
import { session } from './session.js';

/** Returns the query of the parameters that are given. */
export function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}

/** Returns one page of a list and the marker of the next page. */

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
  createImage: (fields) => ({ method: 'POST', path: '/v2/images', body: fields }),
  removeImage: (id) => ({ method: 'DELETE', path: `/v2/images/${encodeURIComponent(id)}` }),
  taskUri: (backup, action) => ({ method: 'GET', path: projectPath(`/image-backups/get_progress${query({ action, task_id: backup.task_id, backup_id: backup.id })}`) }),
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
