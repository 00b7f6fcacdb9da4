/** What `pip install` and `npm ci` bring: real packages that run, and pinned versions that are resolved as pip does. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;

async function bash(line: string): Promise<string> {
  let text = '';
  const into = (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
  };
  await machine.execute(['/bin/bash', '-c', line], { stdout: into, stderr: into });
  return text;
}

const app = `
from flask import Flask
from redis import Redis
import requests
app = Flask(__name__)
hits = Redis(host="redis", port=6379)

@app.get("/")
def count():
    return f"{hits.incr('hits')} {requests.get('http://files:8000/word').text}"

app.run(host="0.0.0.0", port=5000)
`;

const tests = `
import os

def test_passes(capfd):
    print("a")
    os.system("echo b")
    print("c")
    assert capfd.readouterr().out == "a\\nb\\nc\\n"

def test_fails():
    os.system("echo below")
    assert [1, 2] == [1, 3]
`;

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash(`mkdir app; cd app; cat > app.py <<'X'\n${app}\nX\ncat > test_app.py <<'X'\n${tests}\nX
printf 'flask==3.0.0\\nWerkzeug==3.0.1\\nredis~=5.0.1 # a comment\\nrequests>=2.31,<2.32\\npytest==7.4.*\\n' > requirements.txt
printf 'FROM python:3.12-slim\\nWORKDIR /app\\nCOPY requirements.txt .\\nRUN pip install -r requirements.txt\\nCOPY . .\\nCMD python app.py\\n' > Dockerfile
docker network create net; docker build -qt app .`);
}, 60_000);

describe('python packages', { timeout: 60_000 }, () => {
  it('Flask, redis and requests reach other containers by name', async () => {
    await bash(`docker run -d --name redis --network net redis:alpine
docker run -d --name files --network net busybox sh -c 'cd /tmp; printf hello > word; exec httpd -f -p 8000'
docker run -d --name web --network net -p 5000:5000 app; sleep 3`);
    expect(await bash('curl -s localhost:5000; echo; curl -s localhost:5000')).toBe('1 hello\n2 hello');
    expect(await bash('docker exec redis redis-cli get hits')).toBe('2\n');
  });

  it('pytest catches what is printed, by whom ever', async () => {
    const printed = await bash('docker run --rm app pytest; echo "exit $?"');
    expect(printed).toContain('test_app.py .F ');
    expect(printed).toMatch(/Captured stdout call -+\nbelow\n/);
    expect(printed).toMatch(
      /\nFAILED test_app.py::test_fails - assert \[1, 2\] == \[1, 3\]\n=+ 1 failed, 1 passed in .*\nexit 1\n$/,
    );
  });

  it('a pinned version is what is installed, and says what it holds', async () => {
    const printed = await bash('docker run --rm app sh -c "pip freeze; pip show flask; pip check"');
    for (const one of ['Flask==3.0.0', 'redis==5.0.', 'requests==2.31.0', 'pytest==7.4.4', 'Werkzeug==3.0.1'])
      expect(printed).toContain(one);
    expect(printed).toMatch(/^Summary: .* \(drydock: what this holds is flask 3\.1\.3\)$/m);
    expect(printed).toContain('No broken requirements found.\n');
  });

  it('pip and its like are upgraded as Dockerfiles do, and are there after it', async () => {
    const inside = `pip install --upgrade pip setuptools wheel; python -m venv /v; /v/bin/pip install pip==24.0 >/dev/null; /v/bin/pip install -U pip; /v/bin/pip --version`;
    const printed = await bash(`docker run --rm app sh -c '${inside}' 2>&1`);
    expect(printed).toMatch(/Requirement already satisfied: pip in .*\(25\.0\.1\)/);
    expect(printed).toMatch(/Successfully installed setuptools-80\.9\.0 wheel-0\.45\.1\n/);
    expect(printed).toContain(
      '      Successfully uninstalled pip-24.0\nSuccessfully installed pip-25.0.1\npip 25.0.1 from /v/lib/',
    );
  });

  it('a version that never was is refused with those that were', async () => {
    const printed = await bash('docker run --rm app pip install itsdangerous==2.0.9');
    expect(printed).toContain(
      'ERROR: Could not find a version that satisfies the requirement itsdangerous==2.0.9 (from versions: 0.9, 0.9.1, 0.10, ',
    );
    expect(printed).toContain(
      '2.0.0, 2.0.1, 2.1.0, 2.1.1, 2.1.2, 2.2.0)\nERROR: No matching distribution found for itsdangerous==2.0.9\n',
    );
  });

  it('other versions are tried when two do not go together; when none do, pip says why', async () => {
    const run = (line: string) => bash(`docker run --rm python:3.12-slim pip install ${line} 2>&1`);
    expect(await run('flask werkzeug==3.0.1')).toMatch(
      /INFO: pip is looking at multiple versions of flask [\s\S]*\nSuccessfully installed Flask-3\.1\.2 .*Werkzeug-3\.0\.1/,
    );
    expect(
      await run('flask==3.1.3 "werkzeug<3"'),
    ).toContain(`ERROR: Cannot install flask==3.1.3 and werkzeug<3 because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested werkzeug<3
    flask 3.1.3 depends on werkzeug>=3.1.0
`);
  });
});

it('a virtual environment has packages of its own', { timeout: 60_000 }, async () => {
  const inside = `python -m venv /app/venv && . /app/venv/bin/activate && pip install -q six && python -m pip list --format freeze
python -c "import sys, six; print(sys.prefix, sys.base_prefix, six.__file__)"
head -1 /app/venv/pyvenv.cfg; readlink /app/venv/bin/python; deactivate; pip list --format freeze`;
  expect(await bash(`docker run --rm python:3.12-slim sh -c '${inside}'`)).toBe(`pip==25.0.1
six==1.17.0
/app/venv /usr/local /app/venv/lib/python3.12/site-packages/six.py
home = /usr/local/bin
/usr/local/bin/python
pip==25.0.1
`);
});

it('npm ci installs the older version that a lock file names', { timeout: 60_000 }, async () => {
  const qs = {
    version: '6.7.0',
    resolved: 'https://registry.npmjs.org/qs/-/qs-6.7.0.tgz',
    // As the registry itself gives it.
    integrity: 'sha512-VCdBRNFTX1fyE7Nb6FYoURo/SPe62QCaAyzJvUjwRaIsc+NePBEniHlvxFmmX56+HZphIGtV0XeCirBtpDrTyQ==',
  };
  const own = { name: 'app', version: '1.0.0', dependencies: { qs: '^6.7.0' } };
  const lock = { ...own, lockfileVersion: 3, packages: { '': own, 'node_modules/qs': qs } };
  const line = `mkdir npm; cd npm; echo '${JSON.stringify(own)}' > package.json; echo '${JSON.stringify(lock)}' > package-lock.json
docker run --rm -v $PWD:/app -w /app node:22-alpine sh -c 'npm ci && node -p "require(\\"qs/package.json\\").version"'`;
  const text = await bash(line);
  expect(text).toContain('\nadded 1 package, ');
  expect(text).toMatch(/\n6\.7\.0\n$/);
});

it('apt and dpkg of the host install on it', async () => {
  const said = await bash(
    'apt-get update -qq; apt-get install -y tree > /dev/null; dpkg -S $(which tree); tree --version',
  );
  expect(said).toMatch(/tree: \/usr\/bin\/tree\ntree v/);
  expect(await bash('apt-get remove -y tree > /dev/null; tree')).toContain('command not found');
});
