// Logging in, and choosing the project.
import { ApiError } from './http.js';
import { logIn, projects, rolesOf, scopeTo } from './keystone.js';
import { field, forForm, select, taskDialog, taskForm, textInput } from './dialogs.js';
import { fill, h } from './dom.js';
import { DEFAULT_PROJECT, session } from './session.js';
import { settings } from './settings.js';
import { texts } from './texts.js';

const words = texts.logIn;

/** Shows the log-in in place of the page. A service with an external Keystone takes tokens only. */
export function showLogIn(root, done) {
  if (settings.auth === 'keystone') {
    fill(root, h('div', { class: 'log-in panel' }, h('h1', { tabindex: '-1' }, words.title), h('p', { class: 'muted' }, words.external), tokenForm(done)));
    root.querySelector('input').focus();
    return;
  }
  const name = textInput('user', { autocomplete: 'username', required: true });
  const password = h('input', { type: 'password', name: 'password', autocomplete: 'current-password', required: true });
  const project = textInput('project');
  const domain = textInput('domain', { value: 'Default' });
  const form = taskForm({
    fields: [
      field(words.user, name), field(words.password, password), field(words.project, project, words.projectHint),
      h('details', { class: 'more' }, h('summary', {}, words.domain), field(words.domain, domain)),
    ],
    submit: words.submit,
    async run() {
      try {
        keep(await logIn({ name: name.value, password: password.value, domain: domain.value, project: project.value.trim() }));
      } catch (error) {
        throw ownWords(error, project.value.trim());
      }
      password.value = '';
      done();
    },
  });
  fill(root, h('div', { class: 'log-in panel' }, h('h1', { tabindex: '-1' }, words.title), form,
    h('details', { class: 'more' }, h('summary', {}, words.haveToken), tokenForm(done))));
  name.focus();
}

/** Keystone's message says only that authentication is required. */
function ownWords(error, project) {
  if (!(error instanceof ApiError)) {
    return error;
  }
  const own = { 401: project ? words.refusedProject(project) : words.refused, 404: words.external, 429: words.tooMany };
  return own[error.status] ? new ApiError(error.status, own[error.status], error.requestId) : error;
}

function tokenForm(done) {
  const token = h('input', { type: 'password', name: 'token', autocomplete: 'off' });
  const project = textInput('project_id', { value: session.projectId });
  return taskForm({
    fields: [field(words.token, token, words.tokenHint), field(words.projectId, project)],
    submit: words.useToken,
    async run() {
      const value = token.value.trim();
      session.logIn({ token: value, user: null, projectId: checkProject(project.value), projectName: null, roles: await rolesOf(value) });
      token.value = '';
      done();
    },
  });
}

function keep(issued) {
  if (!issued.projectId) {
    throw new ApiError(403, words.noProject);
  }
  session.logIn(issued);
}

/** Changes the project: by id without authentication, or among the user's projects after a log-in. */
export async function projectDialog(done) {
  if (session.token && session.user) {
    const own = await forForm(projects(session.token));
    const choice = select('project', own.map((one) => [one.id, one.name]), session.projectId);
    taskDialog(words.project, {
      fields: [field(words.project, choice)],
      submit: words.useProject,
      async run() {
        keep(await scopeTo(choice.value, session.token));
        done();
      },
    });
    return;
  }
  const id = textInput('project_id', { value: session.projectId, spellcheck: 'false' });
  taskDialog(words.project, {
    fields: [field(words.projectId, id, words.projectIdHint(DEFAULT_PROJECT))],
    submit: words.useProject,
    async run() {
      session.useProject(checkProject(id.value || DEFAULT_PROJECT));
      done();
    },
  });
}

function checkProject(text) {
  const id = text.trim();
  if (!/^[0-9a-f-]+$/.test(id)) {
    throw new ApiError(0, words.noProjectId(id));
  }
  return id;
}
