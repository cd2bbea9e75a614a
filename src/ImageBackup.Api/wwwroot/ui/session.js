// The user and the project. The token is kept in this tab only.

const TOKEN = 'imagebackup.session';
const PROJECT = 'imagebackup.project';

/** The project of IBM's samples, which is the service's default. */
export const DEFAULT_PROJECT = '40a58846608e4e908c43b547d4dfb58c';

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
  logIn({ token, user, projectId, projectName }) {
    Object.assign(state, { token, user, projectId, projectName });
    write(sessionStorage, TOKEN, state);
  },
  logOut() {
    for (const key of Object.keys(state)) {
      delete state[key];
    }
    write(sessionStorage, TOKEN, null);
  },
  useProject(projectId) {
    write(localStorage, PROJECT, projectId);
    if (state.token) {
      state.projectId = projectId;
      write(sessionStorage, TOKEN, state);
    } else {
      delete state.projectId;
    }
  },
};
