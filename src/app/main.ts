/** The page's first script: the engine's worker boots while the code that draws is still on its way. */
import './theme.css';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
void import('./page.ts').then(({ draw }) => draw(worker));
