// Log-ins and tokens of Keystone, and what the service tells without a token.
import { BASE, send } from './http.js';

async function token(identity, scope) {
  const response = await send('POST', '/identity/v3/auth/tokens', { body: { auth: { identity, ...(scope ? { scope } : {}) } } });
  const issued = (await response.json()).token;
  return { token: response.headers.get('X-Subject-Token'), user: issued.user?.name, projectId: issued.project?.id, projectName: issued.project?.name, roles: issued.roles?.map((role) => role.name) };
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

/** Returns the names of a token's roles; nothing if the service does not tell. */
export async function rolesOf(present) {
  const response = await fetch(`${BASE}/identity/v3/auth/tokens`, { headers: { 'X-Auth-Token': present, 'X-Subject-Token': present }, credentials: 'omit', cache: 'no-store' });
  return response.ok ? (await response.json()).token.roles?.map((role) => role.name) : undefined;
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
