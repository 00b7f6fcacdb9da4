# Article 004: image, container, registry.
set -u
mkdir -p ~/article004 && cd ~/article004
printf 'FROM centos:centos7\nRUN yum install -y nginx\nCMD ["nginx", "-g", "daemon off;"]\n' > Dockerfile

# As printed, "docker build -t myapp.": the tag swallows the dot, and there is no context.
docker build -t myapp. 2> argument.err && exit 10
grep -q 'invalid reference format' argument.err || exit 11

# Corrected.
docker build -t myapp . || exit 12
[ "$(docker inspect -f '{{len .RootFS.Layers}}' myapp)" = 2 ] || exit 13
docker history myapp | grep -q 'yum install -y nginx' || exit 14
[ "$(docker run --rm myapp cat /etc/centos-release)" = 'CentOS Linux release 7.9.2009 (Core)' ] || exit 15
[ "$(docker run --rm myapp rpm -q nginx)" = nginx-1.20.1-10.el7.x86_64 ] || exit 16
[ "$(docker run --rm myapp rpm -qf /usr/sbin/nginx)" = nginx-1.20.1-10.el7.x86_64 ] || exit 17
id=$(docker run -d -p 8080:80 myapp) || exit 18
docker ps
name=$(docker inspect -f '{{.Name}}' $id)
echo "$name" | grep -qE '^/[a-z]+_[a-z]+$' || exit 19
sleep 1
curl -s http://localhost:8080/ | grep -q 'Welcome to CentOS' || exit 20
curl -sI http://localhost:8080/ | grep -q '^Server: nginx/1.20.1' || exit 21
short=$(echo $id | cut -c1-12)
[ "$(docker stop $short)" = $short ] || exit 22
[ "$(docker rm $short)" = $short ] || exit 23

# The container of the article's `docker ps`: Redis, under a name that the engine made up.
id=$(docker run -d redis) || exit 24
short=$(echo $id | cut -c1-12)
sleep 1
docker ps
docker ps | grep -qE "^$short +redis +\"docker-entrypoint.s…\" .* Up .* 6379/tcp +[a-z]+_[a-z]+$" || exit 25
[ "$(docker exec $short redis-cli ping)" = PONG ] || exit 26
[ "$(docker stop $short)" = $short ] || exit 27
docker logs $short | grep -q 'ready to exit, bye bye' || exit 28
[ "$(docker rm $short)" = $short ] || exit 29

# The registry: pull from and push to the Hub.
echo secret | docker login -u student --password-stdin || exit 30
docker tag myapp student/myapp:1.0
docker push student/myapp:1.0 || exit 31
docker rmi myapp student/myapp:1.0 > /dev/null || exit 32
docker pull student/myapp:1.0 || exit 33
docker search nginx | grep -q 'Official build of Nginx' || exit 34
