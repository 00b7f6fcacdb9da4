# Article 004: image, container, registry.
# Differs from the article: centos:centos7 and yum are not on this host's Hub; its Dockerfile is built on ubuntu.
set -u
mkdir -p ~/article004 && cd ~/article004
printf 'FROM ubuntu\nRUN apt-get update && apt-get install -y nginx\nCMD ["nginx", "-g", "daemon off;"]\n' > Dockerfile
docker build -t myapp. 2> argument.err && exit 10
grep -q 'invalid reference format' argument.err || exit 11
docker build -t myapp . || exit 12
id=$(docker run -d -p 8080:80 myapp) || exit 13
docker ps
name=$(docker inspect -f '{{.Name}}' $id)
echo "$name" | grep -qE '^/[a-z]+_[a-z]+$' || exit 14
sleep 1
curl -s http://localhost:8080/ | grep -q nginx || exit 15
short=$(echo $id | cut -c1-12)
[ "$(docker stop $short)" = $short ] || exit 16
[ "$(docker rm $short)" = $short ] || exit 17
# The container of the article's `docker ps`: Redis, under a name that the engine made up.
id=$(docker run -d redis) || exit 18
short=$(echo $id | cut -c1-12)
sleep 1
docker ps
docker ps | grep -qE "^$short +redis +\"docker-entrypoint.s…\" .* Up .* 6379/tcp +[a-z]+_[a-z]+$" || exit 19
[ "$(docker exec $short redis-cli ping)" = PONG ] || exit 20
[ "$(docker stop $short)" = $short ] || exit 21
docker logs $short | grep -q 'ready to exit, bye bye' || exit 22
[ "$(docker rm $short)" = $short ] || exit 23
