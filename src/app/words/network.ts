import { wordsOf } from './words.ts';

/** The network's list of connections. */
export const networkWords = wordsOf({ show: 'Show its way in the picture' }, { show: '在图中显示它的路径' });
