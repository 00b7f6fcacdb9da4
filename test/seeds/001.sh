# Article 001: a Flask application in a container, and the trap of 127.0.0.1. Typed as printed (with its typos), then corrected.
set -u
mkdir -p ~/article001 && cd ~/article001
cat > app.py <<'PYTHON'
from flask import Flask

app = Flask(__name__)

@app.route('/')
def hello():
    return 'Hello, World!'

if __name__ == '__main__':
    app.run(debug=True)
PYTHON
echo 'flask>=1.0.0' > requirements.txt

# As printed: "COPY. /app" and "docker build -t myimage:latest."
cat > Dockerfile <<'DOCKERFILE'
FROM python:3.6-slim

WORKDIR /app

COPY. /app

RUN pip install --trusted-host pypi.python.org -r requirements.txt

EXPOSE 5000

CMD ["python", "app.py"]
DOCKERFILE
docker build -t myimage:latest . 2> typo.err && exit 10
grep -q 'unknown instruction: COPY\.' typo.err || { cat typo.err; exit 11; }
docker build -t myimage:latest. 2> argument.err && exit 12
grep -q 'requires 1 argument' argument.err || { cat argument.err; exit 13; }

# Corrected: it builds and runs, but Flask listens on 127.0.0.1 of the container, where -p does not reach it.
sed -i 's/^COPY\. /COPY . /' Dockerfile
docker build -t myimage:latest . || exit 14
docker run -d -p 8080:5000 --name webserver myimage:latest || exit 15
sleep 5
docker ps
docker logs webserver > trap.log 2>&1
grep -q "Serving Flask app 'app'" trap.log || { cat trap.log; exit 16; }
grep -q 'Running on http://127.0.0.1:5000' trap.log || { cat trap.log; exit 17; }
curl -s --max-time 5 http://localhost:8080/ && exit 18
docker exec webserver python -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:5000/").read().decode())' > inside.txt || exit 19
[ "$(cat inside.txt)" = 'Hello, World!' ] || { cat inside.txt; exit 20; }
docker stop webserver || exit 21
docker rm webserver || exit 22

# Listening on every address, it answers.
sed -i "s/app.run(debug=True)/app.run(debug=True, host='0.0.0.0')/" app.py
docker build -q -t myimage:latest . || exit 23
docker run -d -p 8080:5000 --name webserver myimage:latest || exit 24
sleep 5
[ "$(curl -s http://localhost:8080/)" = 'Hello, World!' ] || { docker logs webserver; exit 25; }
docker logs webserver 2>&1 | grep -q '"GET / HTTP/1.1" 200 -' || { docker logs webserver; exit 26; }
docker ps -a
docker stop webserver || exit 27
docker rm webserver || exit 28
