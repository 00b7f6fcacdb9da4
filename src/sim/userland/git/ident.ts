/** Who writes a commit, and when. */
import { zoneOf } from '../core/dates.ts';
import { accountName } from './account.ts';
import { parseDate } from './date.ts';
import type { Git } from './git.ts';
import { Fatal } from './problem.ts';

export interface Person {
  name: string;
  email: string;
  sec: number;
  /** `+0200`. */
  zone: string;
}

export const formatPerson = ({ name, email, sec, zone }: Person): string => `${name} <${email}> ${sec} ${zone}`;

export function parsePerson(text: string): Person {
  const match = /^(.*?) ?<([^>]*)> (-?\d+) ([+-]\d{4})/.exec(text);
  if (!match) return { name: text, email: '', sec: 0, zone: '+0000' };
  return { name: match[1]!, email: match[2]!, sec: Number(match[3]), zone: match[4]! };
}

type Role = 'author' | 'committer';

const hint = (role: Role): string => `${role === 'author' ? 'Author' : 'Committer'} identity unknown

*** Please tell me who you are.

Run

  git config --global user.email "you@example.com"
  git config --global user.name "Your Name"

to set your account's default identity.
Omit --global to set the identity only in this repository.

`;

/** What cannot be part of a name goes, at its ends more than inside. */
const crude = (text: string): string => text.replace(/^[\s.,:;<>"\\']+|[\s.,:;<>"\\']+$/g, '').replace(/[\n<>]/g, '');

export function zoneText(git: Git, sec: number): string {
  const minutes = Math.round(zoneOf(git.sys).at(sec).offset / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`;
}

/** `strict`: a name or address that is only guessed will not do. */
export function identity(git: Git, role: Role, strict = true): Person {
  const env = (what: string) => git.sys.env[`GIT_${role.toUpperCase()}_${what}`];
  const own = (key: string) => git.config.get(`${role}.${key}`) ?? git.config.get(`user.${key}`);
  const guess = (message: string): never => {
    git.err(hint(role));
    throw new Fatal(message);
  };
  const account = accountName(git.sys);
  let email = env('EMAIL') ?? own('email') ?? git.sys.env.EMAIL;
  if (email === undefined) {
    const host = git.sys.uname().nodename;
    email = `${account.name}@${host.includes('.') ? host : `${host}.(none)`}`;
    if (strict && !host.includes('.')) guess(`unable to auto-detect email address (got '${email}')`);
  }
  const given = env('NAME') ?? own('name');
  const name = crude(given ?? account.full);
  if (strict && name === '') {
    if (given === undefined) guess(`empty ident name (for <${email}>) not allowed`);
    throw new Fatal(`empty ident name (for <${email}>) not allowed`);
  }
  const date = env('DATE');
  const when = date ? parseDate(git, date) : nowOf(git);
  if (!when) throw new Fatal(`invalid date format: ${date}`);
  return { name: name || account.name, email: crude(email), ...when };
}

/** The name or address was not given by anyone. */
export const isGuessed = (git: Git): boolean =>
  (git.config.get('user.email') ?? git.sys.env.GIT_COMMITTER_EMAIL ?? git.sys.env.EMAIL) === undefined ||
  (git.config.get('user.name') ?? git.sys.env.GIT_COMMITTER_NAME) === undefined;

export function nowOf(git: Git): { sec: number; zone: string } {
  const { sec } = git.sys.now();
  return { sec, zone: zoneText(git, sec) };
}
