// Every text of the page, for translators. A text with values is a function.

export const texts = {
  figures: {
    amount: (done, total) => `${done} of ${total}`,
    left: (time) => `${time} left`,
    noData: (time) => `no data for ${time}`,
    attempt: (number) => `attempt ${number}`,
    took: (time) => `took ${time}`,
    processed: (amount) => `${amount} processed`,
    ended: (time) => `Ended ${time}`,
  },
  retry: {
    action: 'Retry',
    title: (name) => `Retry the last operation of ${name}`,
    intro: 'The service starts the last operation again, with the same values.',
    submit: 'Retry',
    word: 'Retry',
  },
  tasks: {
    states: {
      PENDING: 'waiting', RUNNING: 'running', SUCCESS: 'done', FAILURE: 'failed',
      REVERTING: 'being undone', REVERTED: 'undone', REVERT_FAILURE: 'could not be undone',
    },
    failed: 'failed',
    notRun: 'not run',
    running: 'Running tasks',
    now: 'now',
    progress: (task) => `Progress of ${task}`,
  },
};
