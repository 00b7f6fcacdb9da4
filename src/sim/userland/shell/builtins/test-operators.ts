/** What the dialects' `test` have in common. */
export const numberOperators = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);
export const fileOperators = new Set(['-nt', '-ot', '-ef']);

/** An expression that makes no sense; an empty message when the shell says nothing. */
export class TestError extends Error {}

export const compareNumbers = (operator: string, x: bigint, y: bigint): boolean => {
  switch (operator) {
    case '-eq':
      return x === y;
    case '-ne':
      return x !== y;
    case '-lt':
      return x < y;
    case '-le':
      return x <= y;
    case '-gt':
      return x > y;
    default:
      return x >= y;
  }
};
