export interface Case {
  name: string;
  /** By their paths from /work/shop. */
  files: Record<string, string>;
  args: string[];
  env?: Record<string, string>;
  stdin?: string;
  /** From /work/shop. */
  cwd?: string;
}

declare const cases: Case[];
export default cases;
