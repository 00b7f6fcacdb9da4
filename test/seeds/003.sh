# Article 003: images and registries: commit by hand, build from a Dockerfile, run, push, remove.
set -u
docker pull ubuntu || exit 10
docker images
printf 'apt-get -yqq update\napt-get -y install apache2\nexit\n' | docker run -i --name stoic_khorana ubuntu /bin/bash || exit 11
docker ps -a
id=$(docker ps -aq -l)
docker diff $id | grep -q '^A /etc/apache2/ports.conf$' || exit 12
docker commit $id ksfzhaohui/apache2 || exit 13
docker images
[ "$(docker inspect -f '{{len .RootFS.Layers}}' ksfzhaohui/apache2)" = $(($(docker inspect -f '{{len .RootFS.Layers}}' ubuntu) + 1)) ] || exit 14

mkdir -p ~/static_web && cd ~/static_web && touch Dockerfile
cat > Dockerfile <<'DOCKERFILE'
#Version:0.0.1
FROM ubuntu
MAINTAINER zhaohui "ksfzhaohui@126.com"
RUN apt-get update && apt-get install -y nginx
EXPOSE 80
DOCKERFILE
DOCKER_BUILDKIT=0 docker build -t="ksfzhaohui/static_web" . > classic.log 2>&1 || { cat classic.log; exit 15; }
for step in 'Step 1/4 : FROM ubuntu' 'Step 2/4 : MAINTAINER zhaohui "ksfzhaohui@126.com"' 'Step 3/4 : RUN apt-get update && apt-get install -y nginx' 'Step 4/4 : EXPOSE 80'; do
  grep -qF "$step" classic.log || { cat classic.log; exit 16; }
done
docker images
docker run -d -p 8080:80 --name static_web_container ksfzhaohui/static_web nginx -g "daemon off;" || exit 17
docker ps
sleep 1
curl -s http://localhost:8080/ | grep -q 'Welcome to nginx!' || exit 18

echo secret | docker login -u ksfzhaohui --password-stdin || exit 19
[ "$(stat -c %a ~/.docker/config.json)" = 600 ] || exit 20
docker push ksfzhaohui/static_web > push.log 2>&1 || { cat push.log; exit 21; }
grep -q 'Mounted from library/ubuntu' push.log || { cat push.log; exit 22; }
grep -q 'digest: sha256:' push.log || exit 23
docker logout

docker rmi $(docker images -q ksfzhaohui/apache2) || exit 24
[ -z "$(docker images -q ksfzhaohui/apache2)" ] || exit 25
# The container of static_web still runs, so its image stays.
docker rmi $(docker images -q ksfzhaohui/static_web) 2> conflict.err && exit 26
grep -q 'conflict: unable to delete' conflict.err || { cat conflict.err; exit 27; }
