/** Colours by role, 4.5:1 or better for text on its ground. Never colour alone: pattern, edge or word goes with it. */
export interface Palette {
  ground: string;
  panel: string;
  line: string;
  text: string;
  dim: string;
  kernel: [string, string];
  kernelText: string;
  base: string;
  layer: string;
  onSlab: string;
  pill: string;
  pillText: string;
  writable: string;
  writableEdge: string;
  writableText: string;
  whiteout: string;
  whiteoutText: string;
  registry: string;
  good: string;
  miss: string;
}

export const dark: Palette = {
  ground: '#0e1621',
  panel: '#152130',
  line: '#26384d',
  text: '#e6edf5',
  dim: '#93a7bd',
  kernel: ['#3a4553', '#465264'],
  kernelText: '#ffffff',
  base: '#2f6fab',
  layer: '#1e8176',
  onSlab: '#ffffff',
  pill: '#d9efff',
  pillText: '#0b2338',
  writable: '#4a3a12',
  writableEdge: '#f2b441',
  writableText: '#ffe2a6',
  whiteout: '#2a1620',
  whiteoutText: '#ff9fae',
  registry: '#a78bfa',
  good: '#7ee0a8',
  miss: '#f2b441',
};

export const light: Palette = {
  ground: '#f7f9fc',
  panel: '#ffffff',
  line: '#d5deea',
  text: '#132033',
  dim: '#51657c',
  kernel: ['#c3ccd8', '#b4bfcd'],
  kernelText: '#132033',
  base: '#2f6fab',
  layer: '#1b7a70',
  onSlab: '#ffffff',
  pill: '#eaf5ff',
  pillText: '#0b2338',
  writable: '#fff3d1',
  writableEdge: '#a86f00',
  writableText: '#5c3d00',
  whiteout: '#fde8ec',
  whiteoutText: '#a5203a',
  registry: '#6d4fd0',
  good: '#1d7a46',
  miss: '#8a5b00',
};

/** The same roles as variables of the page's style sheet (`app/theme.css`). */
export const cssPalette: Palette = {
  ground: 'var(--ground)',
  panel: 'var(--panel)',
  line: 'var(--line)',
  text: 'var(--text)',
  dim: 'var(--dim)',
  kernel: ['var(--kernel-a)', 'var(--kernel-b)'],
  kernelText: 'var(--kernel-text)',
  base: 'var(--base)',
  layer: 'var(--layer)',
  onSlab: 'var(--on-slab)',
  pill: 'var(--pill)',
  pillText: 'var(--pill-text)',
  writable: 'var(--writable)',
  writableEdge: 'var(--writable-edge)',
  writableText: 'var(--writable-text)',
  whiteout: 'var(--whiteout)',
  whiteoutText: 'var(--whiteout-text)',
  registry: 'var(--registry)',
  good: 'var(--good)',
  miss: 'var(--miss)',
};
