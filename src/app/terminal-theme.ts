import type { ITheme } from '@xterm/xterm';

/** xterm draws on a canvas of its own: it is told the page's colours as they are now. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const common: ITheme = {
    background: color('--terminal'),
    foreground: color('--text'),
    cursor: color('--accent'),
    cursorAccent: color('--terminal'),
    selectionBackground: `${color('--focus')}55`,
  };
  if (document.documentElement.dataset.theme !== 'light')
    return { ...common, green: '#7ee0a8', yellow: '#f2b441', blue: '#6cb2f5' };
  return {
    ...common,
    black: '#132033',
    red: '#a5203a',
    green: '#1d7a46',
    yellow: '#8a5b00',
    blue: '#1f5fa8',
    magenta: '#6d3fc0',
    cyan: '#0f6f7a',
    white: '#51657c',
    brightBlack: '#51657c',
    brightRed: '#a5203a',
    brightGreen: '#1d7a46',
    brightYellow: '#8a5b00',
    brightBlue: '#1f5fa8',
    brightMagenta: '#6d3fc0',
    brightCyan: '#0f6f7a',
    brightWhite: '#132033',
  };
}
