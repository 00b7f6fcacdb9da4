/** A scenario: real commands, one a line, with set-up between them. */
export type ScenarioStep =
  | { kind: 'env'; name: string; value: string }
  | { kind: 'timeout'; seconds: number }
  | { kind: 'setup'; command: string }
  | { kind: 'write'; path: string; text: string }
  | { kind: 'command'; command: string };

export interface Scenario {
  /** A Docker Hub answers for docker.io. */
  hub: boolean;
  /** Recorded with the client named by `@client`: one that builds with BuildKit by itself. */
  ownClient: boolean;
  steps: ScenarioStep[];
}

/** Reads `# comment`, `@env`, `@timeout`, `@client` (told, not obeyed), `@hub`, `% setup`, `%write PATH … %end`. */
export function parseScenario(text: string): Scenario {
  const lines = text.split('\n');
  const steps: ScenarioStep[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const write = /^%write (\S+)$/.exec(line);
    if (write) {
      const body: string[] = [];
      while (++i < lines.length && lines[i] !== '%end') body.push(lines[i]!);
      steps.push({ kind: 'write', path: write[1]!, text: `${body.join('\n')}\n` });
      continue;
    }
    const step = parseLine(line);
    if (step) steps.push(step);
  }
  return { hub: lines.includes('@hub'), ownClient: lines.some((line) => line.startsWith('@client ')), steps };
}

function parseLine(line: string): ScenarioStep | undefined {
  if (!line.trim() || line.startsWith('#') || line === '@hub' || line.startsWith('@client ')) return undefined;
  const env = /^@env (\w+)=(.*)$/.exec(line);
  if (env) return { kind: 'env', name: env[1]!, value: env[2]! };
  const timeout = /^@timeout (\d+)$/.exec(line);
  if (timeout) return { kind: 'timeout', seconds: Number(timeout[1]) };
  const setup = /^% (.*)$/.exec(line);
  return setup ? { kind: 'setup', command: setup[1]! } : { kind: 'command', command: line };
}
