/** What a machine needs of Node, for tests. */
export { nodeWorld } from '../src/companion/node-world.ts';
