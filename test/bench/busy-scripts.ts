/** What a student may leave running: none of it ends by itself. */
export const busyScripts: Record<string, string> = {
  'an empty loop': 'while :; do :; done',
  arithmetic: 'while :; do i=$((i+1)); done',
  'a child each turn': 'while :; do /bin/true; done',
  'a thousand words': 'while :; do echo {1..1000}; done',
  patterns: 'while :; do echo /usr/bin/*; done',
  'a flood': 'yes',
  'a fork bomb': 'ulimit -u 100; bomb() { bomb | bomb; }; bomb 2>/dev/null',
  find: 'while :; do find /; done',
  sort: 'seq 1 100000 > /tmp/lines; while :; do sort -r /tmp/lines; done',
  'awk of a file':
    "seq 1 100000 > /tmp/lines; while :; do awk '{ n[$1 % 7] += $1 } END { for (k in n) print n[k] }' /tmp/lines; done",
  grep: 'yes | grep -c n',
  sed: 'yes | sed s/y/n/',
  awk: 'awk "BEGIN { while (1) i++ }"',
  sha256sum: 'sha256sum /dev/zero',
  tar: 'while :; do tar cf /dev/null /usr; done',
};
