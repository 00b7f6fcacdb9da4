import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../src/api/index.ts';

it('cuts frames out of any chunking', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3), fc.uint8Array({ maxLength: 40 }))),
      fc.integer({ min: 1, max: 13 }),
      (frames, step) => {
        const wire = Uint8Array.from(frames.flatMap(([stream, bytes]) => [...encodeFrame(stream as 0, bytes)]));
        const decoder = new FrameDecoder();
        const out = [];
        for (let at = 0; at < wire.length; at += step) out.push(...decoder.push(wire.subarray(at, at + step)));
        expect(out.map(({ stream, bytes }) => [stream, [...bytes]])).toEqual(frames.map(([s, b]) => [s, [...b]]));
        expect(decoder.pending).toBe(false);
      },
    ),
    { seed: 20 },
  );
});

it('refuses what is no frame', () => {
  expect(() => new FrameDecoder().push(Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0))).toThrow('unrecognized input header: 9');
});
