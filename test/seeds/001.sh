# Article 001: a web application in a container, and the trap of 127.0.0.1.
# Differs from the article: python:3.6-slim needs a real CPython, which this host does not have yet; the commands around
# it are the article's, on images that are there.
set -u
mkdir -p ~/article001 && cd ~/article001

# As printed: "COPY. /app" gives the real error.
printf 'FROM alpine:3.20\nWORKDIR /app\nCOPY. /app\nEXPOSE 80\nENV NAME World\n' > Dockerfile
docker build -t myimage:latest . 2> typo.err && exit 10
grep -q 'unknown instruction: COPY\.' typo.err || { cat typo.err; exit 11; }

# Corrected: a page served inside, once on every address and once on 127.0.0.1 only, as the article's Flask app does.
mkdir -p www && echo 'Hello, World!' > www/index.html
printf 'FROM nginx\nWORKDIR /app\nCOPY www /usr/share/nginx/html\nEXPOSE 80\nENV NAME World\n' > Dockerfile
docker build -t myimage:latest . || exit 12
docker run -d -p 8080:80 --name webserver myimage:latest || exit 13
docker ps
docker ps -a
docker logs webserver
sleep 1
[ "$(curl -s http://localhost:8080/)" = 'Hello, World!' ] || exit 14
[ "$(docker exec webserver printenv NAME)" = World ] || exit 15
docker stop webserver || exit 16
docker rm webserver || exit 17

printf 'server { listen 127.0.0.1:80; location / { root /usr/share/nginx/html; } }\n' > default.conf
printf 'FROM nginx\nCOPY www /usr/share/nginx/html\nCOPY default.conf /etc/nginx/conf.d/default.conf\n' > Dockerfile
docker build -q -t trap . || exit 18
docker run -d -p 8080:80 --name trap trap || exit 19
curl -s --max-time 5 http://localhost:8080/ && exit 20
docker rm -f trap
