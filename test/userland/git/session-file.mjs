// Sessions of test/userland/git/*.txt: `## NAME` begins one, in an empty directory and with a home of its own;
// `@DIR` says where the commands that follow run; every other line is a command for sh. What begins with # is skipped.
// A name that ends in (nobody) has no ~/.gitconfig.

export const home = '[user]\n\tname = Ann Example\n\temail = ann@example.com\n[init]\n\tdefaultBranch = main\n';

/** The clock of the commits: a minute for each command. */
export const dateAt = (index) => `${1_700_000_000 + index * 60} +0100`;

export const environment = (base, index) => ({
  PATH: '/usr/bin:/bin',
  HOME: `${base}/home`,
  GIT_CONFIG_NOSYSTEM: '1',
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_AUTHOR_DATE: dateAt(index),
  GIT_COMMITTER_DATE: dateAt(index),
});

export function parseSessions(text) {
  const sessions = [];
  let at = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) {
      sessions.push({ name: line.slice(3), steps: [] });
      at = '';
    } else if (line.startsWith('@')) at = line.slice(1);
    else if (line.trim() && !line.startsWith('#')) sessions.at(-1).steps.push({ at, line });
  }
  return sessions;
}
