import { linuxClock } from '../../src/linux/index.ts';
import { clockSuite } from '../suites/clock.suite.ts';

clockSuite("this machine's", () => linuxClock);
