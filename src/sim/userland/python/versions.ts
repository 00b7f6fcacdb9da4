/** The Pythons that images and packages install: each is a program of its own name, as each is a file of its own. */
export const pythonVersions: readonly string[] = [
  '3.6.15',
  '3.8.20',
  '3.9.23',
  '3.10.12',
  '3.10.18',
  '3.11.2',
  '3.11.13',
  '3.12.3',
  '3.12.11',
  '3.13.5',
];

/** Path in a Debian system -> program. Differs from Ubuntu: it has Debian's, as it has all of Debian's packages. */
export const pythonProgramPaths: Readonly<Record<string, string>> = {
  '/usr/bin/python3.11': 'python/3.11.2',
};

/** Modules of the standard library that the interpreter in use does not have. */
export const lackingModules: readonly string[] =
  'tkinter _tkinter turtle idlelib curses _curses readline venv ensurepip dbm.gnu dbm.ndbm'.split(' ');
