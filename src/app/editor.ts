/** The editor behind `vi`, `vim`, `nano` and `edit`. Loaded when first used. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { defaultHighlightStyle, HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile';
import { python } from '@codemirror/legacy-modes/mode/python';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { Vim, vim } from '@replit/codemirror-vim';

export interface EditorOptions {
  text: string;
  path: string;
  readOnly: boolean;
  vim: boolean;
  onchange(): void;
  /** True when it was saved. */
  save(): Promise<boolean>;
  quit(): void;
}

export interface Editor {
  text(): string;
  destroy(): void;
}

function language(path: string): Extension {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(Dockerfile|.*\.dockerfile|Containerfile)/i.test(name)) return StreamLanguage.define(dockerFile);
  if (/\.py$/.test(name)) return StreamLanguage.define(python);
  if (/\.(sh|bash|profile|bashrc)$/.test(name)) return StreamLanguage.define(shell);
  if (/\.ya?ml$/.test(name)) return StreamLanguage.define(yaml);
  return [];
}

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--terminal)', color: 'var(--text)' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--accent)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--dim)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--raised) 55%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '.cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--text)' },
  '.cm-fat-cursor': { background: 'var(--accent) !important', color: 'var(--ground) !important' },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.comment, color: 'var(--dim)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--good)' },
]);

/** `:w`, `:q`, `:wq`, `:x` reach the editor that has the focus. */
let current: EditorOptions | undefined;
let saved = true;
Vim.defineEx('write', 'w', () => void current?.save());
Vim.defineEx('quit', 'q', (_cm: unknown, params: { argString?: string }) => {
  if (saved || params.argString === '!') current?.quit();
});
const saveAndQuit = async () => {
  if (await current?.save()) current?.quit();
};
Vim.defineEx('wq', 'wq', () => void saveAndQuit());
Vim.defineEx('xit', 'x', () => void saveAndQuit());
Vim.defineAction('saveAndQuit', () => void saveAndQuit());
Vim.mapCommand('ZZ', 'action', 'saveAndQuit', {}, {});

/** A key binding that starts something and lets nobody else have the key. */
const handled = (start: () => unknown) => (): boolean => {
  start();
  return true;
};

const nanoKeys = (options: EditorOptions) =>
  keymap.of([
    { key: 'Ctrl-o', run: handled(() => options.save()) },
    { key: 'Mod-s', run: handled(() => options.save()) },
    { key: 'Ctrl-x', run: handled(async () => (await options.save()) && options.quit()) },
  ]);

export function createEditor(parent: HTMLElement, options: EditorOptions): Editor {
  current = {
    ...options,
    save: async () => {
      saved = await options.save();
      return saved;
    },
  };
  saved = true;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        options.vim ? vim({ status: true }) : nanoKeys(options),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        keymap.of([...defaultKeymap, ...historyKeymap, ...(options.vim ? [] : [indentWithTab])]),
        language(options.path),
        syntaxHighlighting(colours),
        syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        look,
        EditorState.readOnly.of(options.readOnly),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': options.path }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          saved = false;
          options.onchange();
        }),
      ],
    }),
  });
  view.focus();
  return {
    // vi ends a file with a newline; so does this.
    text: () =>
      view.state.doc.length === 0 || view.state.doc.toString().endsWith('\n')
        ? view.state.doc.toString()
        : `${view.state.doc}\n`,
    destroy: () => view.destroy(),
  };
}
