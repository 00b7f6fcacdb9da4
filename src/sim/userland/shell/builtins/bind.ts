import { isErrno } from '../../../../spec/index.ts';
import { decodeBytes } from '../../core/escaped-bytes.ts';
import { type Binding, functionNames, type KeymapName, parseSequence, showSequence } from '../editor/keymaps.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { output } from './output.ts';

const usage =
  'bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]';

const keymapNames: Record<string, KeymapName> = {
  emacs: 'emacs',
  'emacs-standard': 'emacs',
  'emacs-meta': 'emacs',
  'emacs-ctlx': 'emacs',
  vi: 'vi-command',
  'vi-move': 'vi-command',
  'vi-command': 'vi-command',
  'vi-insert': 'vi-insert',
};

/** The printable keys, which insert themselves. */
const selfInserting = (): string[] => {
  const codes = Array.from({ length: 256 }, (_, i) => i).filter((c) => c >= 32 && c !== 127);
  return codes.map((c) =>
    c > 127 ? `\\${c.toString(8)}` : c === 34 || c === 92 ? `\\${String.fromCharCode(c)}` : String.fromCharCode(c),
  );
};

const sequencesOf = (shell: Shell, map: KeymapName, fn: string): string[] =>
  fn === 'self-insert' && map !== 'vi-command' ? selfInserting() : shell.keymaps.sequences(map, fn);

const listFunctions = (shell: Shell, map: KeymapName): string =>
  [...functionNames]
    .map((fn) => {
      const keys = sequencesOf(shell, map, fn);
      return keys.length === 0 ? `# ${fn} (not bound)\n` : keys.map((k) => `"${k}": ${fn}\n`).join('');
    })
    .join('');

const describeFunctions = (shell: Shell, map: KeymapName): string =>
  [...functionNames]
    .map((fn) => {
      const keys = sequencesOf(shell, map, fn);
      if (keys.length === 0) return `${fn} is not bound to any keys\n`;
      const shown = keys.slice(0, 5).map((k) => `"${k}"`);
      return `${fn} can be found on ${shown.join(', ')}${keys.length > 5 ? ', ...' : '.'}\n`;
    })
    .join('');

const macros = (shell: Shell, map: KeymapName): [string, string][] =>
  [...shell.keymaps.table(map)].flatMap(([keys, b]) =>
    'macro' in b ? [[showSequence(keys), showSequence(b.macro)] as [string, string]] : [],
  );

const commands = (shell: Shell, map: KeymapName): string =>
  [...shell.keymaps.table(map)]
    .map(([keys, b]) => ('command' in b ? `"${showSequence(keys)}": "${b.command}"\n` : ''))
    .join('');

const listings: Record<string, (shell: Shell, map: KeymapName) => string> = {
  l: () => functionNames.map((n) => `${n}\n`).join(''),
  p: (shell, map) => `\n${listFunctions(shell, map)}`,
  P: (shell, map) => `\n${describeFunctions(shell, map)}`,
  s: (shell, map) =>
    macros(shell, map)
      .map(([k, t]) => `"${k}": "${t}"\n`)
      .join(''),
  S: (shell, map) =>
    macros(shell, map)
      .map(([k, t]) => `${k} outputs ${t}\n`)
      .join(''),
  v: (shell) => [...shell.keymaps.variables].map(([n, v]) => `set ${n} ${v}\n`).join(''),
  V: (shell) => [...shell.keymaps.variables].map(([n, v]) => `${n} is set to \`${v}'\n`).join(''),
  X: commands,
};

const unknownFunction = async (shell: Shell, name: string): Promise<number> => {
  await shell.complain(`\`${name}': unknown function name`);
  return 1;
};

const query = async (shell: Shell, map: KeymapName, name: string): Promise<number> => {
  if (!functionNames.includes(name)) return unknownFunction(shell, name);
  const keys = sequencesOf(shell, map, name);
  if (keys.length === 0) {
    await output(shell, `${name} is not bound to any keys.\n`);
    return 1;
  }
  const shown = keys.slice(0, 5).map((k) => `"${k}"`);
  return output(shell, `${name} can be invoked via ${shown.join(', ')}${keys.length > 5 ? ', ...' : '.'}\n`);
};

const unbind = (shell: Shell, map: KeymapName, wanted: (binding: Binding, keys: string) => boolean): number => {
  const table = shell.keymaps.table(map);
  for (const [keys, binding] of [...table]) if (wanted(binding, keys)) table.delete(keys);
  return 0;
};

/** `Control-x`, `Meta-Rubout`: a key by name. */
const namedKey = (text: string): string => {
  let name = text;
  let meta = false;
  let control = false;
  for (;;) {
    const found = /^(control-|ctrl-|c-|meta-|m-)(?=.)/i.exec(name);
    if (!found) break;
    if (/^c/i.test(found[1]!)) control = true;
    else meta = true;
    name = name.slice(found[0].length);
  }
  const keys: Record<string, string> = {
    del: '\x7f',
    rubout: '\x7f',
    esc: '\x1b',
    escape: '\x1b',
    lfd: '\n',
    newline: '\n',
    ret: '\r',
    return: '\r',
    space: ' ',
    spc: ' ',
    tab: '\t',
  };
  const key = keys[name.toLowerCase()] ?? name[0] ?? '';
  return (meta ? '\x1b' : '') + (control ? String.fromCharCode(key.toUpperCase().charCodeAt(0) & 31) : key);
};

/** One line of an inputrc. */
const bindLine = async (shell: Shell, map: KeymapName, line: string): Promise<number> => {
  const text = line.trim();
  if (text === '' || text[0] === '#' || text[0] === '$') return 0;
  const setting = /^set\s+(\S+)\s*(.*)$/i.exec(text);
  if (setting) return setVariable(shell, setting[1]!, setting[2]!);
  const bound = /^"((?:\\.|[^"\\])*)"\s*:\s*([\s\S]*)$/.exec(text) ?? /^([^\s:"]+)\s*:\s*([\s\S]*)$/.exec(text);
  if (!bound) {
    await shell.write(2, `readline: ${text.replace(/^"|:.*$/g, '')}: no key sequence terminator\n`);
    return 0;
  }
  const keys = text[0] === '"' ? parseSequence(bound[1]!) : namedKey(bound[1]!);
  const target = bound[2]!;
  const macro = /^(["'])([\s\S]*)\1/.exec(target);
  if (macro) shell.keymaps.table(map).set(keys, { macro: parseSequence(macro[2]!) });
  else if (functionNames.includes(target)) shell.keymaps.table(map).set(keys, { fn: target });
  else return unknownFunction(shell, target);
  return 0;
};

const setVariable = async (shell: Shell, name: string, value: string): Promise<number> => {
  const known = shell.keymaps.variables;
  if (!known.has(name)) await shell.write(2, `readline: ${name}: unknown variable name\n`);
  else
    known.set(
      name,
      /^(on|off)$/.test(known.get(name)!) ? (value === '' || /^(on|1)$/i.test(value) ? 'on' : 'off') : value,
    );
  if (name === 'editing-mode') {
    shell.options.delete(value === 'vi' ? 'emacs' : 'vi');
    shell.options.add(value === 'vi' ? 'vi' : 'emacs');
  }
  return 0;
};

const bindCommand = async (shell: Shell, map: KeymapName, text: string): Promise<number> => {
  const bound = /^"((?:\\.|[^"\\])*)"\s*[:\s]\s*([\s\S]*)$/.exec(text.trim());
  if (!bound) {
    await shell.complain(`${text}: first non-whitespace character is not \`"'`);
    return 1;
  }
  const quoted = /^(["'])([\s\S]*)\1$/.exec(bound[2]!);
  shell.keymaps.table(map).set(parseSequence(bound[1]!), { command: quoted ? quoted[2]! : bound[2]! });
  return 0;
};

const bindFile = async (shell: Shell, map: KeymapName, path: string): Promise<number> => {
  try {
    const fd = shell.sys.openSync(path);
    const text = decodeBytes(shell.sys.pread(fd, 0, 1 << 20));
    shell.sys.close(fd);
    for (const line of text.split('\n')) await bindLine(shell, map, line);
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    await shell.complain(`${path}: cannot read: ${error.message}`);
    return 1;
  }
};

/** `bind`: the keys of the line editor. */
export const bind: Builtin = async (shell, args, self) => {
  if (!shell.interactive) await shell.complain('warning: line editing not enabled');
  let map: KeymapName = shell.has('vi') ? 'vi-insert' : 'emacs';
  const work: (() => Promise<number> | number)[] = [];
  let shown = '';
  let i = 0;
  for (; i < args.length && /^-./.test(args[i]!); i++) {
    if (args[i] === '--') {
      i++;
      break;
    }
    for (let j = 1; j < args[i]!.length; j++) {
      const c = args[i]![j]!;
      if (listings[c]) {
        shown += c;
        continue;
      }
      if (!'mfqurx'.includes(c)) return invalidOption(shell, self, c, usage);
      const value = args[i]!.slice(j + 1) || args[++i];
      if (value === undefined) {
        await shell.complain(`-${c}: option requires an argument`);
        await shell.write(2, `bind: usage: ${usage}\n`);
        return 2;
      }
      if (c === 'm') {
        const named = keymapNames[value];
        if (!named) {
          await shell.complain(`\`${value}': invalid keymap name`);
          return 1;
        }
        map = named;
      } else if (c === 'f') work.push(() => bindFile(shell, map, value));
      else if (c === 'q') work.push(() => query(shell, map, value));
      else if (c === 'r') work.push(() => unbind(shell, map, (_, keys) => keys === parseSequence(value)));
      else if (c === 'x') work.push(() => bindCommand(shell, map, value));
      else {
        work.push(() => {
          if (!functionNames.includes(value)) return unknownFunction(shell, value);
          return unbind(shell, map, (b) => 'fn' in b && b.fn === value);
        });
      }
      break;
    }
  }
  for (const letter of shown) await output(shell, listings[letter]!(shell, map));
  let status = 0;
  for (const step of work) status = (await step()) || status;
  for (const line of args.slice(i)) status = (await bindLine(shell, map, line)) || status;
  return status;
};
