// Sends requests to the service, and reads refusals and event streams.
import { session } from './session.js';
import { texts } from './texts.js';

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
    super(texts.problems.noAnswer);
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

export function headers(extra = {}) {
  return session.token ? { ...extra, 'X-Auth-Token': session.token } : extra;
}

export async function send(method, path, { body, accept = 'application/json', signal } = {}) {
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
export async function refusal(response) {
  const requestId = response.headers.get('x-openstack-request-id');
  const text = await response.text();
  let message = '';
  try {
    message = Object.values(JSON.parse(text))[0]?.message ?? '';
  } catch {
    message = '';
  }
  const error = new ApiError(response.status, message || texts.problems.answered(response.status, response.statusText), requestId);
  if (response.status === 401) {
    window.dispatchEvent(new CustomEvent('imagebackup:unauthorized'));
  }
  return error;
}

export async function json(method, path, options) {
  const response = await send(method, path, options);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

export const get = (path, signal) => json('GET', path, { signal });

/** Reads server-sent events: fields up to an empty line; lines that start with a colon are heartbeats. */
export async function* readEvents(stream) {
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
