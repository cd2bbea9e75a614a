// Logging in, and choosing the project.
import { ApiError, logIn, projects, scopeTo } from './api.js';
import { field, forForm, select, taskDialog, taskForm, textInput } from './dialogs.js';
import { fill, h } from './dom.js';
import { DEFAULT_PROJECT, session } from './session.js';

/** Shows the log-in in place of the page. */
export function showLogIn(root, done) {
  const name = textInput('user', { autocomplete: 'username', required: true });
  const password = h('input', { type: 'password', name: 'password', autocomplete: 'current-password', required: true });
  const project = textInput('project');
  const domain = textInput('domain', { value: 'Default' });
  const form = taskForm({
    fields: [
      field('User', name), field('Password', password), field('Project', project, 'The name. Empty: the first project in which you have a role.'),
      h('details', { class: 'more' }, h('summary', {}, 'Domain'), field('Domain', domain)),
    ],
    submit: 'Log in',
    async run() {
      try {
        keep(await logIn({ name: name.value, password: password.value, domain: domain.value, project: project.value.trim() }));
      } catch (error) {
        throw error instanceof ApiError && error.status === 404
          ? new ApiError(404, 'This service uses an external Keystone. Get a token there and enter it below.')
          : error;
      }
      password.value = '';
      done();
    },
  });
  fill(root, h('div', { class: 'log-in panel' }, h('h1', { tabindex: '-1' }, 'Log in'), form,
    h('details', { class: 'more' }, h('summary', {}, 'I have a token'), tokenForm(done))));
  name.focus();
}

function tokenForm(done) {
  const token = h('input', { type: 'password', name: 'token', autocomplete: 'off' });
  const project = textInput('project_id', { value: session.projectId });
  return taskForm({
    fields: [field('Token', token, 'The page keeps it in this tab only.'), field('Project id', project)],
    submit: 'Use the token',
    async run() {
      session.logIn({ token: token.value.trim(), user: null, projectId: checkProject(project.value), projectName: null });
      token.value = '';
      done();
    },
  });
}

function keep(issued) {
  if (!issued.projectId) {
    throw new ApiError(403, 'This user has no role in any project.');
  }
  session.logIn(issued);
}

/** Changes the project: by id without authentication, or among the user's projects after a log-in. */
export async function projectDialog(done) {
  if (session.token && session.user) {
    const own = await forForm(projects(session.token));
    const choice = select('project', own.map((one) => [one.id, one.name]), session.projectId);
    taskDialog('Project', {
      fields: [field('Project', choice)],
      submit: 'Use this project',
      async run() {
        keep(await scopeTo(choice.value, session.token));
        done();
      },
    });
    return;
  }
  const id = textInput('project_id', { value: session.projectId, spellcheck: 'false' });
  taskDialog('Project', {
    fields: [field('Project id', id, `Hex digits and dashes. Empty: ${DEFAULT_PROJECT}.`)],
    submit: 'Use this project',
    async run() {
      session.useProject(checkProject(id.value || DEFAULT_PROJECT));
      done();
    },
  });
}

function checkProject(text) {
  const id = text.trim();
  if (!/^[0-9a-f-]+$/.test(id)) {
    throw new ApiError(0, `'${id}' is not a project id. Use lower-case hex digits and dashes.`);
  }
  return id;
}
