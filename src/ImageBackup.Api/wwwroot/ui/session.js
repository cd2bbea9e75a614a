// The user and the project. The token is kept in this tab only.
import { settings } from './settings.js';

const TOKEN = 'imagebackup.session';
const PROJECT = 'imagebackup.project';
const ROLES = ['reader', 'member', 'admin'];

/** The service's project without authentication. */
export const DEFAULT_PROJECT = settings.project_id;

const state = read(sessionStorage, TOKEN) ?? {};

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    if (value === null) {
      storage.removeItem(key);
    } else {
      storage.setItem(key, JSON.stringify(value));
    }
  } catch {
    // Storage is disabled: the values last until the page is closed.
  }
}

export const session = {
  get token() {
    return state.token ?? null;
  },
  get user() {
    return state.user ?? null;
  },
  get projectId() {
    return state.projectId ?? read(localStorage, PROJECT) ?? DEFAULT_PROJECT;
  },
  get projectName() {
    return state.projectName ?? null;
  },
  /** Whether the user has a role: reader, member or admin. Each includes the ones before it. Roles that are not known forbid nothing; the service decides. */
  may(role) {
    return !state.roles || state.roles.some((own) => ROLES.indexOf(own) >= ROLES.indexOf(role));
  },
  logIn({ token, user, projectId, projectName, roles }) {
    Object.assign(state, { token, user, projectId, projectName, roles });
    write(sessionStorage, TOKEN, state);
  },
  logOut() {
    for (const key of Object.keys(state)) {
      delete state[key];
    }
    write(sessionStorage, TOKEN, null);
  },
  useProject(projectId) {
    write(localStorage, PROJECT, projectId === DEFAULT_PROJECT ? null : projectId);
    if (state.token) {
      state.projectId = projectId;
      write(sessionStorage, TOKEN, state);
    } else {
      delete state.projectId;
    }
  },
};
