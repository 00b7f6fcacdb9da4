# Article 000: a first image, and pushing it. Typed as printed (with its typos) and then corrected.
set -u
mkdir -p ~/article000 && cd ~/article000
echo 'hello from the build context' > hello.txt

# As printed: "COPY. /app" and "docker build -t myimage:v1."
printf 'FROM alpine:latest\nRUN apk add --no-cache wget\nCMD ["/bin/sh"]\nCOPY. /app\nWORKDIR /app\n' > Dockerfile
DOCKER_BUILDKIT=0 docker build -t myimage:v1 . 2> typo.err && exit 10
grep -q 'unknown instruction: COPY\.' typo.err || { cat typo.err; exit 11; }
docker build -t myimage:v1. 2> argument.err && exit 12
grep -q 'requires 1 argument' argument.err || { cat argument.err; exit 13; }

# Corrected.
printf 'FROM alpine:latest\nRUN apk add --no-cache wget\nCMD ["/bin/sh"]\nCOPY . /app\nWORKDIR /app\n' > Dockerfile
docker build -t myimage:v1 . || exit 14
docker images
[ "$(docker images -q myimage:v1 | wc -l)" = 1 ] || exit 15
[ "$(docker run --rm myimage:v1 cat hello.txt)" = 'hello from the build context' ] || exit 16
docker run --rm myimage:v1 wget --version | head -1 | grep -q 'GNU Wget' || exit 17
[ "$(docker run --rm myimage:v1 pwd)" = /app ] || exit 18

echo secret | docker login -u yourname --password-stdin || exit 19
docker tag myimage:v1 yourname/yourimagename:tagname
docker push yourname/yourimagename:tagname || exit 20
docker rmi myimage:v1 yourname/yourimagename:tagname > /dev/null
docker pull yourname/yourimagename:tagname || exit 21
