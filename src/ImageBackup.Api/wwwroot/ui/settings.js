// The settings of the service that the page needs before a log-in.

/** `project_id`: the project without authentication. `auth`: none, embedded or keystone. */
export const settings = await fetch('settings.json', { cache: 'no-cache' })
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error())))
  .catch(() => ({ project_id: '', auth: 'none' }));
