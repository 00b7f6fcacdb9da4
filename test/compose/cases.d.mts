export interface Case {
  name: string;
  /** By their paths from /srv/shop. */
  files: Record<string, string>;
  args: string[];
  env?: Record<string, string>;
  stdin?: string;
  /** From /srv/shop. */
  cwd?: string;
}

declare const cases: Case[];
export default cases;
