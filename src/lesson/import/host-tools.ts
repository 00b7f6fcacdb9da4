/** What other makers' hosts have and this one has not until a page needs it: Ubuntu and Debian come with Python. */

const tools = [
  {
    needs: /(?:^|[|;&]|\b(?:sudo|which|exec) )\s*(?:[$#>] +)?`?(?:python3?|pip3?)(?= +[\w./-])/m,
    run: 'apt-get install -y -qq python3 python3-pip python3-venv >/dev/null && ln -sf python3 /usr/bin/python',
  },
];

/** Commands that put on the host what `texts` call for. */
export function hostTools(texts: readonly string[]): string[] {
  const wanted = tools.filter(({ needs }) => texts.some((text) => needs.test(text))).map(({ run }) => run);
  return wanted.length > 0 ? [['apt-get update -qq', ...wanted].join(' && ')] : [];
}
